package io.peerlink.integration.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.peerlink.cli.local.LocalRouter;
import io.peerlink.client.ConnectionEvent;
import io.peerlink.client.MessageId;
import io.peerlink.client.Receipt;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The leader dies by SIGKILL. */
final class LeaderKillIT {
    @RegisterExtension
    static final TestCluster CLUSTER = TestCluster.ofThree();

    @Test
    void nothingIsLostOrDoubledWhenTheLeaderIsKilledUnderLoad() {
        try (Load load = Load.start(CLUSTER, "kill")) {
            load.awaitMore(1_500);
            LocalRouter victim = CLUSTER.leader();
            CLUSTER.kill(victim);
            LocalRouter successor = CLUSTER.leaderOtherThan(victim);
            load.awaitMore(1_500);
            CLUSTER.start(victim);
            load.awaitMore(500);
            load.finish();
            assertThat(successor.id()).isNotEqualTo(victim.id());
        }
        CLUSTER.awaitEqualDigests();
    }

    @Test
    void nothingIsLostOrDoubledWhenTwoLeadersAreKilledInARow() {
        try (Load load = Load.start(CLUSTER, "twice")) {
            load.awaitMore(300);
            LocalRouter first = CLUSTER.leader();
            CLUSTER.kill(first);
            LocalRouter second = CLUSTER.leaderOtherThan(first);
            load.awaitMore(300);
            CLUSTER.start(first);
            CLUSTER.kill(second);
            CLUSTER.leaderOtherThan(second);
            load.awaitMore(300);
            CLUSTER.start(second);
            load.finish();
        }
        CLUSTER.awaitEqualDigests();
    }

    @Test
    void anApplicationOnTheKilledLeaderNoticesNothing() {
        try (TestPeer alice = CLUSTER.peer("unaware-alice");
                TestPeer bob = CLUSTER.peer("unaware-bob")) {
            MessageId before = alice.sent("unaware-bob");
            CLUSTER.kill(CLUSTER.leader());
            MessageId after = alice.sent("unaware-bob");
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> alice.hasReceipt(Receipt.Kind.DELIVERED, "unaware-bob", after));
            assertThat(bob.messages()).containsExactly(before, after);
            assertThat(alice.troubles()).isEmpty();
            assertThat(bob.troubles()).isEmpty();
            assertThat(alice.events())
                    .as("only the connection listener sees it")
                    .hasAtLeastOneElementOfType(ConnectionEvent.Lost.class)
                    .noneMatch(event -> event instanceof ConnectionEvent.Refused);
        }
    }
}
