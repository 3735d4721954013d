package io.peerlink.cli.command;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peerlink.cli.CommonOptions;
import io.peerlink.client.ErrorCode;
import io.peerlink.client.PeerLinkClient;
import io.peerlink.client.PeerLinkException;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class PeerTaskTest {
    private final PeerLinkException error =
            new PeerLinkException(ErrorCode.UNAVAILABLE, "no leader answered", "", true);

    private final CommonOptions options = new CommonOptions();
    private final CompletableFuture<Void> refusal = new CompletableFuture<>();

    @Test
    void clientsOwnTimeoutSpeaks() {
        CompletableFuture<String> answer = new CompletableFuture<>();
        CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS)
                .execute(() -> answer.completeExceptionally(error));

        assertThatThrownBy(() -> task().await(answer)).isSameAs(error);
    }

    @Test
    void refusalEndsAWaitWithoutEnd() {
        refusal.completeExceptionally(error);

        assertThatThrownBy(() -> task().awaitUnlessRefused(new CompletableFuture<>()))
                .hasRootCause(error);
    }

    private PeerTask task() {
        new CommandLine(options).setCaseInsensitiveEnumValuesAllowed(true).parseArgs("--timeout", "PT0.1S");
        PeerLinkClient unused = (PeerLinkClient) Proxy.newProxyInstance(
                PeerLinkClient.class.getClassLoader(),
                new Class<?>[] {PeerLinkClient.class},
                (proxy, method, given) -> {
                    throw new AssertionError("not scripted: " + method);
                });
        return new PeerTask(options, unused, refusal);
    }
}
