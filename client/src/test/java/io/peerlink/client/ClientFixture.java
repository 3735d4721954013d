package io.peerlink.client;

import io.peerlink.client.identity.Identity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** Routers and clients that end with the test. */
abstract class ClientFixture {
    static final Identity ALICE = Identity.generate("alice");

    final FakeCluster cluster = new FakeCluster();
    private final List<AutoCloseable> open = new ArrayList<>();

    FakeRouter router(String id) {
        FakeRouter router = new FakeRouter(cluster, id);
        open.add(0, router);
        return router;
    }

    ClientBuilder builder(FakeRouter... routers) {
        List<String> addresses = new ArrayList<>();
        for (FakeRouter router : routers) {
            addresses.add(router.address());
        }
        return PeerLinkClient.builder().servers(addresses).identity(ALICE).ackTimeout(Duration.ofSeconds(10));
    }

    PeerLinkClient start(ClientBuilder builder) {
        PeerLinkClient client = builder.build();
        open.add(0, client);
        return client;
    }

    PeerLinkClient connect(FakeRouter... routers) {
        return start(builder(routers)).connect();
    }

    static OutgoingMessage text(String text) {
        return OutgoingMessage.text("bob", text);
    }

    static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(5));
    }

    static ErrorCode errorOf(CompletableFuture<?> future) {
        try {
            Object value =
                    future.orTimeout(20, java.util.concurrent.TimeUnit.SECONDS).join();
            throw new AssertionError("completed with " + value);
        } catch (CompletionException e) {
            @Nullable Throwable cause = e.getCause();
            if (cause instanceof PeerLinkException error) {
                return error.code();
            }
            throw new AssertionError("failed otherwise", e);
        }
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable closeable : open) {
            closeable.close();
        }
    }
}
