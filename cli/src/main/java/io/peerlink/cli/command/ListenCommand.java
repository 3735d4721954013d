package io.peerlink.cli.command;

import io.peerlink.cli.CommonOptions;
import io.peerlink.cli.output.Happening;
import io.peerlink.cli.output.Printer;
import io.peerlink.client.ClientBuilder;
import io.peerlink.client.SubscribeOptions;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code peerlink listen}. */
@Command(
        name = "listen",
        header = "Print what comes in: first what waited, then live.",
        description = {
            "Every message printed is confirmed, so its sender sees Delivered. With --peek nothing is confirmed; it shows the",
            "first 100,000 messages.%n",
            "  peerlink --id bob listen --count 1",
            "  peerlink --id bob --output json listen | jq -r .text"
        })
public final class ListenCommand implements Callable<Integer> {
    private static final int PEEK_MESSAGES_MAX = 100_000;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = {"-n", "--count"},
            paramLabel = "N",
            description = "end after N messages (default: never)")
    private long count = Long.MAX_VALUE;

    @Option(names = "--peek", description = "do not confirm anything; shows at most 100,000 messages")
    private boolean peek;

    @Override
    public Integer call() throws Exception {
        if (count < 1) {
            throw new IllegalArgumentException("--count must be at least 1");
        }
        return PeerTask.run(Objects.requireNonNull(spec), this::settings, task -> {
            Printer printer = task.printer();
            AtomicLong left = new AtomicLong(count);
            CompletableFuture<Void> enough = new CompletableFuture<>();
            task.client().subscribe(SubscribeOptions.manual(), message -> {
                if (left.get() > 0) {
                    printer.print(Happening.Received.of(message));
                    if (!peek) {
                        message.ack();
                    }
                    if (left.decrementAndGet() == 0) {
                        enough.complete(null);
                    }
                }
            });
            task.awaitUnlessRefused(enough);
            task.client().drain(task.options().timeout());
        });
    }

    /** Routers send no more than the credit, and it comes back with confirmations only. */
    private ClientBuilder settings(ClientBuilder builder) {
        ClientBuilder opening = CommonOptions.opening(builder);
        return peek ? opening.credit(PEEK_MESSAGES_MAX) : opening;
    }
}
