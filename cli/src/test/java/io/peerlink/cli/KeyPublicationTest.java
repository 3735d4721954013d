package io.peerlink.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.peerlink.client.ErrorCode;
import io.peerlink.client.PeerLinkClient;
import io.peerlink.client.PeerLinkException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What was registered stays registered, whatever becomes of the key for sealed messages. */
class KeyPublicationTest {
    /** With the grace for the client: no time to wait. */
    private static final Duration NONE = Duration.ofSeconds(-2);

    private static PeerLinkClient client(CompletableFuture<Void> published) {
        return (PeerLinkClient) Proxy.newProxyInstance(
                PeerLinkClient.class.getClassLoader(),
                new Class<?>[] {PeerLinkClient.class},
                (proxy, method, given) -> {
                    assertThat(method.getName()).isEqualTo("keyPublished");
                    return published;
                });
    }

    @Test
    void neitherAFailureNorSilenceIsThrown() {
        PeerLinkException failure = new PeerLinkException(ErrorCode.UNAVAILABLE, "no leader", "", true);
        assertThatCode(() -> KeyPublication.await(client(CompletableFuture.failedFuture(failure)), NONE))
                .doesNotThrowAnyException();
        assertThatCode(() -> KeyPublication.await(client(new CompletableFuture<>()), NONE))
                .doesNotThrowAnyException();
        assertThatCode(() -> KeyPublication.await(client(CompletableFuture.completedFuture(null)), NONE))
                .doesNotThrowAnyException();
    }

    @Test
    void anInterruptStays() {
        Thread.currentThread().interrupt();
        KeyPublication.await(client(new CompletableFuture<>()), Duration.ofMinutes(1));
        assertThat(Thread.interrupted()).isTrue();
    }
}
