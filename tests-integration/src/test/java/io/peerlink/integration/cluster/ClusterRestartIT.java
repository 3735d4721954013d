package io.peerlink.integration.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerlink.cli.local.LocalRouter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Routers go down and come back: one, all at once, one after another. */
final class ClusterRestartIT {
    @RegisterExtension
    static final TestCluster CLUSTER = TestCluster.ofThree();

    @Test
    void aKilledFollowerCatchesUp() {
        try (Load load = Load.start(CLUSTER, "follower")) {
            load.awaitMore(200);
            LocalRouter follower = CLUSTER.follower();
            CLUSTER.kill(follower);
            load.awaitMore(500);
            CLUSTER.start(follower);
            load.awaitMore(200);
            load.finish();
            load.peers()
                    .forEach(peer -> assertThat(peer.losses())
                            .as("a follower's death is not felt by " + peer.name())
                            .isZero());
        }
        CLUSTER.awaitEqualDigests();
    }

    @Test
    void everythingAcknowledgedSurvivesTheDeathOfAllRouters() {
        try (Load load = Load.start(CLUSTER, "blackout")) {
            load.awaitMore(500);
            CLUSTER.killAll();
            CLUSTER.startAll();
            load.awaitMore(200);
            load.finish();
        }
        CLUSTER.awaitEqualDigests();
    }

    @Test
    void aRollingRestartGoesUnnoticed() {
        try (Load load = Load.start(CLUSTER, "rolling")) {
            List<LocalRouter> routers = CLUSTER.routers();
            for (LocalRouter router : routers) {
                load.awaitMore(200);
                CLUSTER.restartOrderly(router);
                CLUSTER.leader();
            }
            load.awaitMore(200);
            load.finish();
        }
        CLUSTER.awaitEqualDigests();
    }
}
