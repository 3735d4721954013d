package io.peerlink.integration.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.peerlink.cli.local.LocalRouter;
import io.peerlink.client.admin.ClusterAdmin;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A leader that gives its lead away gives it to the follower that has been in step longest, not to one that has just come back. */
final class SuccessorIT {
    /** One a second. */
    private static final long TICKS = 2;

    @RegisterExtension
    static final TestCluster CLUSTER = TestCluster.ofThree().with("raft.election-timeout-min = 500ms");

    private interface Handover {
        /** Has this leader hand over; tells who leads then. */
        String by(LocalRouter leader);
    }

    @Test
    void atATransferWithoutAName() {
        ClusterAdmin admin = new ClusterAdmin(CLUSTER.servers(), Duration.ofSeconds(20));
        assertGoesToTheSteadiest(leader -> admin.transferLeadership(Optional.empty()));
    }

    @Test
    void atAPlannedStop() {
        assertGoesToTheSteadiest(leader -> {
            leader.stop();
            String next = CLUSTER.leader().id();
            CLUSTER.start(leader);
            return next;
        });
    }

    /** Whatever fixed order a rule went by, it would choose the one that has just come back in one of the three rounds. */
    private static void assertGoesToTheSteadiest(Handover handover) {
        LocalRouter leader = CLUSTER.leader();
        LocalRouter away = CLUSTER.follower();
        for (int round = 0; round < CLUSTER.routers().size(); round++) {
            LocalRouter steady = third(leader, away);
            CLUSTER.kill(away);
            awaitTicks(leader);
            CLUSTER.start(away);
            awaitInStep(away, leader);
            assertThat(handover.by(leader))
                    .as("%s led, %s was away", leader.id(), away.id())
                    .isEqualTo(steady.id());
            away = leader;
            leader = steady;
        }
    }

    private static LocalRouter third(LocalRouter one, LocalRouter other) {
        return CLUSTER.routers().stream()
                .filter(router -> !List.of(one.id(), other.id()).contains(router.id()))
                .findFirst()
                .orElseThrow();
    }

    /** So that the leader misses the one that is away, however fast a router starts. */
    private static void awaitTicks(LocalRouter leader) {
        long before = CLUSTER.info(leader).log().committed();
        await("the leader's clock ticks")
                .atMost(TestCluster.PATIENCE)
                .until(() -> CLUSTER.info(leader).log().committed() >= before + TICKS);
    }

    private static void awaitInStep(LocalRouter router, LocalRouter leader) {
        await(router.id() + " has applied what the leader has")
                .atMost(TestCluster.PATIENCE)
                .until(() -> CLUSTER.info(router).log().applied()
                        >= CLUSTER.info(leader).log().committed());
    }
}
