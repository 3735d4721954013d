package io.peerlink.server.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.util.LifeCycle;
import org.junit.jupiter.api.Test;

final class ClosedLogWatchTest {
    private final List<String> halts = new ArrayList<>();

    private ClosedLogWatch watch(Supplier<RaftServer.Division> division) {
        return new ClosedLogWatch(
                division, RaftPeerId.valueOf("n1"), (fault, reason, cause) -> halts.add(fault + ": " + reason));
    }

    private static RaftServer.Division division(LifeCycle.State state, String... members) {
        List<RaftPeer> peers = List.of(members).stream()
                .map(id -> RaftPeer.newBuilder().setId(id).build())
                .toList();
        DivisionInfo info = StandIn.of(DivisionInfo.class, Map.of("getLifeCycleState", none -> state));
        RaftConfiguration configuration = StandIn.of(RaftConfiguration.class, Map.of("getCurrentPeers", none -> peers));
        return StandIn.of(
                RaftServer.Division.class, Map.of("getInfo", none -> info, "getRaftConf", none -> configuration));
    }

    @Test
    void anOpenLogIsLeftAlone() {
        watch(() -> division(LifeCycle.State.RUNNING, "n1")).run();
        assertThat(halts).isEmpty();
    }

    @Test
    void aClosedLogHalts() {
        watch(() -> division(LifeCycle.State.CLOSED, "n1", "n2")).run();
        assertThat(halts).containsExactly("LOG_CLOSED: Ratis closed the log");
    }

    @Test
    void aRouterThatWasRemovedSaysSo() {
        watch(() -> division(LifeCycle.State.CLOSED, "n2")).run();
        assertThat(halts).containsExactly("NOT_WELCOME: this router was removed from the cluster");
    }

    @Test
    void aGroupThatIsGoneHalts() {
        watch(() -> {
                    throw new LogUnavailableException("no such group");
                })
                .run();
        assertThat(halts).containsExactly("LOG_CLOSED: Ratis removed the group");
    }

    /** Otherwise the timer would drop the watch, and nobody would notice a closed log any more. */
    @Test
    void itsOwnUnexpectedErrorHalts() {
        watch(() -> {
                    throw new IllegalArgumentException("a fault in the watch");
                })
                .run();
        watch(() -> {
                    throw new NoSuchMethodError("another Ratis");
                })
                .run();
        assertThat(halts)
                .containsExactly(
                        "LOG_CLOSED: whether the log is open cannot be told",
                        "LOG_CLOSED: whether the log is open cannot be told");
    }
}
