package io.peerlink.integration.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerlink.client.identity.Identity;
import io.peerlink.integration.simulation.Plan.Trouble;
import io.peerlink.integration.torture.history.Names;
import java.time.Duration;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;

/**
 * Seed 2367: streams were lost soon after each attach, the last one while the client looked for another leader beside it. It went on
 * looking everywhere but at the router of that stream, which led still.
 */
final class ForgottenProbeTest {
    private static final long MILLI = 1_000_000;
    private static final int TRIES = 40;
    private static final Identity IDENTITY = Identity.generate(Names.peer(0));

    private static void pass(Scheduler scheduler, long nanos) {
        long until = scheduler.now() + nanos;
        while (scheduler.step(until)) {
            // The next one.
        }
    }

    @Test
    void whoLosesItsStreamsQuicklyFindsTheSameLeaderAgain() {
        RememberedSignatures.use();
        try (Databases databases = new Databases()) {
            for (int seed = 1; seed <= TRIES; seed++) {
                assertThat(isBack(seed, databases)).as("seed %d", seed).isTrue();
                databases.giveBack();
            }
        }
    }

    private static boolean isBack(long seed, Databases databases) {
        Scheduler scheduler = new Scheduler(seed, new Trace(null));
        Network network = new Network(scheduler, new Network.Weather(MILLI, MILLI, 10, null));
        Plan plan = new Plan(1, 1, 0, 0, 0, EnumSet.noneOf(Trouble.class), 0, Duration.ofDays(1), network.weather());
        Cluster cluster = new Cluster(plan, network, databases, null);
        VirtualPeer.Habits habits = new VirtualPeer.Habits(10, false, Integer.MAX_VALUE, 30_000, 600, 10);
        VirtualPeer peer = new VirtualPeer(
                0, IDENTITY, new VirtualPeer.World(scheduler, network, cluster.addresses(), event -> {}, habits, null));
        pass(scheduler, 3_000 * MILLI);
        peer.arrive();
        pass(scheduler, 100 * MILLI);
        network.reset(1);
        pass(scheduler, 100 * MILLI);
        // Half a second in which nothing comes, with something to wait for, and then the stream breaks.
        peer.send(Names.direct(0, 0), Names.peer(0), 40, 0, 0);
        network.silence(1, 500 * MILLI);
        pass(scheduler, 501 * MILLI);
        network.reset(1);
        pass(scheduler, 40_000 * MILLI);
        return peer.isSettled();
    }
}
