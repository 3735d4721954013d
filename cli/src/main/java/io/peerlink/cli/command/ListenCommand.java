package io.peerlink.cli.command;

import io.peerlink.cli.output.Happening;
import io.peerlink.cli.output.Printer;
import io.peerlink.client.IncomingMessage;
import io.peerlink.client.SubscribeOptions;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
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
            "Every message printed is confirmed, so its sender sees Delivered. With --peek nothing is confirmed.%n",
            "  peerlink --id bob listen --count 1",
            "  peerlink --id bob --output json listen | jq -r .text"
        })
public final class ListenCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = {"-n", "--count"},
            paramLabel = "N",
            description = "end after N messages (default: never)")
    private long count = Long.MAX_VALUE;

    @Option(names = "--peek", description = "do not confirm anything")
    private boolean peek;

    @Override
    public Integer call() throws Exception {
        if (count < 1) {
            throw new IllegalArgumentException("--count must be at least 1");
        }
        return PeerTask.run(Objects.requireNonNull(spec), task -> {
            Printer printer = task.printer();
            CountDownLatch left = new CountDownLatch((int) Math.min(count, Integer.MAX_VALUE));
            task.client().subscribe(SubscribeOptions.manual(), message -> {
                if (left.getCount() > 0) {
                    print(printer, message);
                    if (!peek) {
                        message.ack();
                    }
                    left.countDown();
                }
            });
            left.await();
            task.client().drain(task.options().timeout());
        });
    }

    private static void print(Printer printer, IncomingMessage message) {
        printer.print(new Happening.Received(
                message.id(), message.from(), message.group(), message.sentAt(), message.text()));
    }
}
