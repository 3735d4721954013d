package io.peerlink.integration.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.peerlink.client.MessageId;
import io.peerlink.client.Receipt;
import io.peerlink.client.admin.RouterInfo;
import java.util.List;

/** Two well-behaved peers that share a router with others' bad input, and an absent one for harmless sends. */
final class HonestPair implements AutoCloseable {
    private final List<TestPeer> peers;
    private final List<TestCluster> clusters;

    private HonestPair(List<TestPeer> peers, List<TestCluster> clusters) {
        this.peers = peers;
        this.clusters = clusters;
    }

    /** Before the cluster runs. */
    static HonestPair none() {
        return new HonestPair(List.of(), List.of());
    }

    static HonestPair attach(TestCluster cluster) {
        cluster.peer("honest-sink").leave();
        return new HonestPair(List.of(cluster.peer("honest-alice"), cluster.peer("honest-bob")), List.of(cluster));
    }

    /** They still talk, over the connections they have had from the start; every router answers and is where it was. */
    void assertTalk() {
        assertHearEachOther();
        clusters.forEach(cluster -> cluster.routers().forEach(router -> {
            assertThat(router.isRunning()).as(router.id() + " runs").isTrue();
            assertThat(cluster.info(router).role()).isNotEqualTo(RouterInfo.Role.STARTING);
        }));
    }

    /** The same without asking the routers, which takes connections that they may have none left for. */
    void assertHearEachOther() {
        TestPeer alice = peers.get(0);
        TestPeer bob = peers.get(1);
        MessageId sent = alice.sent(bob.name());
        await().atMost(TestCluster.PATIENCE).until(() -> alice.hasReceipt(Receipt.Kind.DELIVERED, bob.name(), sent));
        assertThat(bob.messages()).contains(sent);
        for (TestPeer peer : peers) {
            assertThat(peer.troubles()).isEmpty();
            assertThat(peer.losses()).as("connections lost by " + peer.name()).isZero();
        }
    }

    @Override
    public void close() {
        peers.forEach(TestPeer::close);
    }
}
