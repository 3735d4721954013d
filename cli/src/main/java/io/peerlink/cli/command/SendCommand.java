package io.peerlink.cli.command;

import io.peerlink.cli.CliException;
import io.peerlink.cli.CommonOptions;
import io.peerlink.cli.ExitCode;
import io.peerlink.cli.output.Happening;
import io.peerlink.client.ClientBuilder;
import io.peerlink.client.MessageStatus;
import io.peerlink.client.MessageStatus.RecipientStatus;
import io.peerlink.client.MessageStatus.State;
import io.peerlink.client.OutgoingMessage;
import io.peerlink.client.Receipt;
import io.peerlink.client.SendReceipt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code peerlink send}. */
@Command(
        name = "send",
        header = "Send a message to a peer or a group.",
        description = {
            "Prints Sent once the message is on the disks of a majority of routers. With --wait it also waits until every",
            "recipient has it (or has read it), and fails once somebody never will: expired, or left the group.%n",
            "  peerlink --id alice send bob hello there",
            "  peerlink --id alice send team -f report.txt --ttl 1h --wait delivered",
            "  date | peerlink --id alice send bob -",
            "  peerlink --id alice send bob --encrypt for your eyes only"
        })
public final class SendCommand implements Callable<Integer> {
    /** How far a send is waited for. */
    enum WaitFor {
        SENT,
        DELIVERED,
        READ
    }

    private static final long POLL_MS = 100;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(index = "0", paramLabel = "TO", description = "a peer's or a group's name")
    private String to = "";

    @Parameters(index = "1..*", paramLabel = "TEXT", description = "the text; - reads it from standard input")
    private List<String> text = List.of();

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "send the contents of a file")
    private @Nullable Path file;

    @Option(names = "--content-type", paramLabel = "TYPE", description = "default: text/plain; charset=utf-8")
    private String contentType = OutgoingMessage.TEXT;

    @Option(names = "--ttl", paramLabel = "TIME", description = "how long it may wait for its recipients, e.g. 1h")
    private @Nullable Duration ttl;

    @Option(names = "--encrypt", description = "end to end, so that routers cannot read it; to a peer only")
    private boolean encrypt;

    @Option(names = "--wait", paramLabel = "STATE", description = "sent (default), delivered or read")
    private WaitFor waitFor = WaitFor.SENT;

    @Override
    public Integer call() throws Exception {
        OutgoingMessage bare = OutgoingMessage.bytes(to, body(), contentType);
        OutgoingMessage plain = ttl == null ? bare : bare.withTtl(ttl);
        OutgoingMessage message = encrypt ? plain.sealed() : plain;
        return PeerTask.run(Objects.requireNonNull(spec), this::withKeys, task -> {
            SendReceipt receipt = task.await(task.client().sendAsync(message));
            task.printer().print(new Happening.Sent(receipt.id(), to, receipt.recipients()));
            if (waitFor != WaitFor.SENT) {
                awaitRecipients(task, receipt);
            }
        });
    }

    private ClientBuilder withKeys(ClientBuilder builder) {
        return encrypt ? CommonOptions.sealing(builder) : builder;
    }

    private byte[] body() throws IOException {
        if (file != null && !text.isEmpty()) {
            throw new IllegalArgumentException("give either TEXT or --file, not both");
        }
        if (file != null) {
            return Files.readAllBytes(file);
        }
        if (text.isEmpty()) {
            throw new IllegalArgumentException("nothing to send; give a TEXT, - or --file");
        }
        if (text.equals(List.of("-"))) {
            return System.in.readAllBytes();
        }
        return String.join(" ", text).getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    /** Asks for the status until everybody is there: a question sees what a subscription might have missed. */
    private void awaitRecipients(PeerTask task, SendReceipt receipt) throws InterruptedException {
        long deadline = System.nanoTime() + task.options().timeout().toNanos();
        Map<String, State> shown = new HashMap<>();
        while (true) {
            MessageStatus status = task.await(task.client().status(receipt.id()));
            status.recipients().forEach(recipient -> show(task, receipt, recipient, shown));
            if (status.recipients().stream().noneMatch(recipient -> isOpen(waitFor, recipient.state()))) {
                requireEveryone(waitFor, status);
                return;
            }
            if (System.nanoTime() > deadline) {
                throw new CliException(
                        ExitCode.FAILED,
                        "NOT_" + waitFor,
                        "sent, but not " + word(waitFor) + " by everyone within "
                                + task.options().timeout().toSeconds() + " s",
                        "it is kept; look with: peerlink status " + receipt.id());
            }
            Thread.sleep(POLL_MS);
        }
    }

    private static void show(PeerTask task, SendReceipt receipt, RecipientStatus recipient, Map<String, State> shown) {
        State before = shown.put(recipient.peer(), recipient.state());
        if (before != recipient.state() && recipient.state() != State.SENT) {
            Receipt.Kind kind = Receipt.Kind.valueOf(recipient.state().name());
            task.printer().print(new Happening.StateChanged(receipt.id(), kind, recipient.peer(), recipient.at()));
        }
    }

    private static boolean isOpen(WaitFor waitFor, State state) {
        return state == State.SENT || (state == State.DELIVERED && waitFor == WaitFor.READ);
    }

    /** Fails if a recipient will never have it. */
    static void requireEveryone(WaitFor waitFor, MessageStatus status) {
        String without = status.recipients().stream()
                .filter(recipient -> recipient.state() == State.LEFT || recipient.state() == State.EXPIRED)
                .map(recipient -> recipient.peer() + " (" + word(recipient.state()) + ")")
                .collect(Collectors.joining(", "));
        if (!without.isEmpty()) {
            throw new CliException(
                    ExitCode.FAILED,
                    "NOT_" + waitFor,
                    "sent, but never to be " + word(waitFor) + " by " + without,
                    "see who has it: peerlink status " + status.id());
        }
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
