package io.peerlink.integration.cluster;

import io.peerlink.client.identity.Identity;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Strangers on a cluster, beside an honest pair that must still talk after each test. To be registered behind the cluster,
 * {@code @Order(2)}. For the test's thread only.
 */
final class Strangers implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {
    private static final AtomicInteger NAMES = new AtomicInteger();

    private final TestCluster cluster;
    private HonestPair honest = HonestPair.none();

    private Strangers(TestCluster cluster) {
        this.cluster = cluster;
    }

    static Strangers on(TestCluster cluster) {
        return new Strangers(cluster);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        honest = HonestPair.attach(cluster);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        assertHonestPairTalks();
    }

    /** As after each test, for in between. */
    void assertHonestPairTalks() {
        honest.assertTalk();
    }

    /** As between tests, but while no new connection is let in from here. */
    void assertHonestPairHearsEachOther() {
        honest.assertHearEachOther();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        honest.close();
    }

    /** A stream to the leader on which nothing was said yet. */
    RawSession open() {
        return RawSession.open(cluster.leader().clientAddress());
    }

    /** An attached stream of a peer that nobody else uses. */
    RawSession attached() {
        RawSession session = open();
        session.attach(somebody());
        return session;
    }

    /** Not registered yet. */
    static Identity somebody() {
        return Identity.generate("odd-" + NAMES.incrementAndGet());
    }
}
