package io.peerlink.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerlink.cli.output.OutputFormat;
import io.peerlink.cli.output.Printer;
import io.peerlink.cli.output.Theme;
import io.peerlink.client.ErrorCode;
import io.peerlink.client.GroupChange;
import io.peerlink.client.MessageId;
import io.peerlink.client.OutgoingMessage;
import io.peerlink.client.PeerLinkClient;
import io.peerlink.client.PeerLinkException;
import io.peerlink.client.Receipt;
import io.peerlink.client.ReceiptListener;
import io.peerlink.client.SendReceipt;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Help.Ansi;

/** The shell in plain mode against a client that answers from a script. */
final class PipedShellTest {
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final ScriptedPeer peer = new ScriptedPeer();

    @Test
    void originalCommandsPrintTheirLinesInAnyCase() throws IOException {
        int exit = run("", "REGISTER Alice", "send_msg bob hello", "Create_Group g", "JOIN_GROUP g", "leave_group g");

        assertThat(lines)
                .containsSubsequence("Registered alice", "Sent", "Group g created", "Joined g", "Left g")
                .containsSubsequence("Sent", "Delivered to bob")
                .hasSize(6);
        assertThat(exit).isZero();
        assertThat(peer.sent).containsExactly("bob: hello");
        assertThat(peer.closed).isTrue();
    }

    @Test
    void knownNameAttachesAtOnce() throws IOException {
        peer.hasKey = true;

        run("alice", "SEND_MSG bob hello");

        assertThat(lines).containsExactly("Sent", "Delivered to bob");
    }

    @Test
    void unknownNameWaitsForRegister() throws IOException {
        peer.hasKey = true;
        peer.refusal = new PeerLinkException(ErrorCode.NOT_REGISTERED, "nobody", "", false);

        int exit = run("alice", "SEND_MSG bob hello");

        assertThat(lines).containsExactly("error: NOT_REGISTERED not registered here yet");
        assertThat(exit).isEqualTo(3);
    }

    @Test
    void goesOnAfterErrorsAndExitsWithTheFirst() throws IOException {
        int exit = run(
                "alice", "REGISTER", "NONSENSE", "SEND_MSG", "SEND_MSG ghost boo", "SEND_MSG bob hello", "QUIT", "X");

        assertThat(lines)
                .containsExactly(
                        "Registered alice",
                        "error: USAGE unknown command NONSENSE",
                        "error: USAGE usage: SEND_MSG TO TEXT",
                        "error: UNKNOWN_NAME no such peer",
                        "Sent",
                        "Delivered to bob");
        assertThat(exit).isEqualTo(2);
    }

    @Test
    void secondIdentityInOneShellIsRefused() throws IOException {
        int exit = run("", "REGISTER alice", "REGISTER bob");

        assertThat(lines).containsExactly("Registered alice", "error: CONFLICT this shell is alice already");
        assertThat(exit).isEqualTo(4);
    }

    private int run(String ownName, String... commands) throws IOException {
        Printer printer = new Printer(OutputFormat.PLAIN, true, new Theme(Ansi.OFF), lines::add);
        ShellSession session = new ShellSession(peer, Duration.ofSeconds(5), printer, event -> {});
        BufferedReader input = new BufferedReader(new StringReader(String.join("\n", commands)));
        return ShellCommand.piped(session, input, printer, ownName);
    }

    /** Sends succeed unless the recipient is a ghost; every send is delivered at once. */
    private static final class ScriptedPeer implements PeerSource {
        private final List<String> sent = new CopyOnWriteArrayList<>();
        private boolean hasKey;
        private boolean closed;
        private @Nullable PeerLinkException refusal;
        private ReceiptListener receipts = receipt -> {};
        private String name = "";

        @Override
        public boolean hasKey(String who) {
            return hasKey;
        }

        @Override
        public PeerLinkClient attach(String who, boolean register, io.peerlink.client.ConnectionListener connections) {
            if (refusal != null) {
                throw refusal;
            }
            name = who.toLowerCase(java.util.Locale.ROOT);
            return (PeerLinkClient) Proxy.newProxyInstance(
                    PeerLinkClient.class.getClassLoader(),
                    new Class<?>[] {PeerLinkClient.class},
                    (proxy, method, arguments) ->
                            answer(method.getName(), arguments == null ? new Object[0] : arguments));
        }

        private @Nullable Object answer(String method, Object[] arguments) {
            return switch (method) {
                case "name" -> name;
                case "onReceipt" -> {
                    receipts = (ReceiptListener) arguments[0];
                    yield null;
                }
                case "subscribe" -> null;
                case "drain" -> true;
                case "close" -> {
                    closed = true;
                    yield null;
                }
                case "sendAsync" -> send((OutgoingMessage) arguments[0]);
                case "createGroup", "joinGroup", "leaveGroup" ->
                    CompletableFuture.completedFuture(new GroupChange((String) arguments[0], Instant.EPOCH));
                default -> throw new AssertionError("not scripted: " + method);
            };
        }

        private CompletableFuture<SendReceipt> send(OutgoingMessage message) {
            if (message.to().equals("ghost")) {
                return CompletableFuture.failedFuture(
                        new PeerLinkException(ErrorCode.UNKNOWN_NAME, "no such peer", "", false));
            }
            sent.add(message.to() + ": " + new String(message.body(), java.nio.charset.StandardCharsets.UTF_8));
            MessageId id = new MessageId("alice~bob", sent.size());
            CompletableFuture<SendReceipt> outcome = new CompletableFuture<>();
            // The receipt overtakes the outcome, as it may between two threads: the shell must put them in order.
            Receipt receipt = new Receipt(
                    Receipt.Kind.DELIVERED, "bob", "alice~bob", id.sequence(), id.sequence(), Instant.EPOCH);
            CompletableFuture.runAsync(() -> receipts.onReceipt(receipt))
                    .thenRun(() -> outcome.complete(new SendReceipt(id, Instant.EPOCH, 1)));
            return outcome;
        }
    }
}
