package io.peerlink.integration.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerlink.cli.local.LocalRouter;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A leader that falls silent is replaced after one election time-out. Ratis by itself needs up to two. */
final class SilentLeaderIT {
    /** Ratis is sometimes as quick: its sleep ends by chance as the time-out does. */
    private static final int TRIES = 5;

    @RegisterExtension
    static final TestCluster CLUSTER =
            TestCluster.ofThree().with("raft.election-timeout-min = 2999ms").with("raft.election-timeout-max = 3s");

    @Test
    void aFollowerStandsWhenTheTimeOutIsOver() throws IOException {
        boolean seen = false;
        for (int i = 0; i < TRIES && !seen; i++) {
            LocalRouter silent = CLUSTER.leader();
            CLUSTER.pause(silent);
            LocalRouter successor = CLUSTER.leaderOtherThan(silent);
            seen = Files.readString(successor.log()).contains("is silent for over");
            CLUSTER.resume(silent);
        }
        assertThat(seen).as("a follower looked before Ratis did").isTrue();
    }
}
