package io.peerlink.integration.torture.nemesis;

import io.peerlink.integration.torture.ground.Ground.Need;
import io.peerlink.integration.torture.nemesis.KillRouters.Victims;
import io.peerlink.integration.torture.nemesis.NetworkFault.Trouble;
import io.peerlink.integration.torture.nemesis.ProxyFault.Effect;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** All faults there are, in an order that stays: the place of a fault is its number in the histories. Append only. */
public final class FaultCatalogue {
    private static final List<Fault> ALL = List.of(
            new KillRouters(Victims.LEADER),
            new KillRouters(Victims.FOLLOWER),
            new KillRouters(Victims.MAJORITY),
            new KillRouters(Victims.ALL),
            new PauseRouter(Victims.LEADER),
            new PauseRouter(Victims.FOLLOWER),
            new RollingRestart(),
            new KillClient(),
            new SlowConsumer(),
            new ConnectionStorm(),
            new FsyncFault(FsyncFault.Effect.SLOW),
            new FsyncFault(FsyncFault.Effect.FAILED),
            new DamagedTail(),
            new NetworkFault(Trouble.PARTITION_LEADER),
            new NetworkFault(Trouble.PARTITION_ONE_WAY),
            new NetworkFault(Trouble.LEADER_CUT_FROM_CLIENTS),
            new NetworkFault(Trouble.FLAPPING),
            new NetworkFault(Trouble.PACKET_LOSS),
            new WipedRouter(),
            new MembershipUnderKill(),
            new PowerCut(),
            new DiskFull(),
            new SlowNetwork(),
            new ProxyFault(Effect.RESET_CONNECTIONS),
            new SnapshotUnderKill(),
            new ProxyFault(Effect.DELAYED_BYTES),
            new ProxyFault(Effect.HALF_CLOSED),
            new ProxyFault(Effect.ONE_WAY_CONNECTIONS),
            new ProxyFault(Effect.OVERTAKING_CONNECTIONS),
            new ClockJump(),
            new ProxyFault(Effect.LOST_ANSWERS));

    private FaultCatalogue() {}

    public static List<String> names() {
        return ALL.stream().map(Fault::name).toList();
    }

    static int number(Fault fault) {
        return ALL.indexOf(fault);
    }

    /** The faults with these names. */
    public static List<Fault> named(List<String> names) {
        List<Fault> found = new ArrayList<>();
        for (String name : names) {
            found.add(ALL.stream()
                    .filter(fault -> fault.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no fault '" + name + "'; there are " + names())));
        }
        return found;
    }

    /** All that these faults need to be made before routers start. */
    public static Set<Need> needs(List<String> names) {
        return named(names).stream().flatMap(fault -> fault.needs().stream()).collect(Collectors.toSet());
    }
}
