package io.peerlink.integration.cluster;

import static org.awaitility.Awaitility.await;

import io.peerlink.cli.local.LocalRouter;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A leader whose process is gone is replaced at once, not after the silence that a paused one needs. */
final class ClosedPortIT {
    private static final Duration SILENCE = Duration.ofSeconds(50);

    @RegisterExtension
    static final TestCluster CLUSTER = TestCluster.ofThree()
            .with("raft.election-timeout-min = " + SILENCE.toSeconds() + "s")
            .with("raft.election-timeout-max = 60s");

    @Test
    void aClosedPortIsProofEnough() {
        try (Load load = Load.start(CLUSTER, "closed-port")) {
            load.awaitMore(300);
            LocalRouter victim = CLUSTER.leader();
            CLUSTER.kill(victim);
            // Half the silence is more than the whole of an election, on a busy machine too.
            await("a successor")
                    .atMost(SILENCE.dividedBy(2))
                    .until(() -> CLUSTER.leaderOtherThan(victim).isRunning());
            load.awaitMore(300);
            CLUSTER.start(victim);
            // No look at the digests: with heartbeats this rare an idle follower is always an entry behind.
            load.finish();
        }
    }
}
