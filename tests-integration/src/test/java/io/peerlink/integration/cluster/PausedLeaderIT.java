package io.peerlink.integration.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.peerlink.cli.local.LocalRouter;
import io.peerlink.client.admin.RouterInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The leader freezes: its process stops (SIGSTOP), its connections stay open and silent, and later it goes on. */
final class PausedLeaderIT {
    @RegisterExtension
    static final TestCluster CLUSTER = TestCluster.ofThree();

    @Test
    void clientsMoveOnAndTheThawedLeaderDoublesNothing() {
        try (Load load = Load.start(CLUSTER, "frozen")) {
            load.awaitMore(300);
            LocalRouter frozen = CLUSTER.leader();
            CLUSTER.pause(frozen);
            CLUSTER.leaderOtherThan(frozen);
            load.awaitMore(500);
            CLUSTER.resume(frozen);
            load.awaitMore(300);
            load.finish();
            await("the thawed router follows")
                    .atMost(TestCluster.PATIENCE)
                    .until(() -> CLUSTER.info(frozen).role() == RouterInfo.Role.FOLLOWER);
            assertThat(CLUSTER.leader().id()).isNotEqualTo(frozen.id());
        }
        CLUSTER.awaitEqualDigests();
    }
}
