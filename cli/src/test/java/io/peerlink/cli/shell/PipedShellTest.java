package io.peerlink.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerlink.cli.output.OutputFormat;
import io.peerlink.cli.output.Printer;
import io.peerlink.cli.output.Theme;
import io.peerlink.client.ConnectionEvent;
import io.peerlink.client.ConnectionListener;
import io.peerlink.client.ErrorCode;
import io.peerlink.client.GroupChange;
import io.peerlink.client.HistoryPage;
import io.peerlink.client.MessageId;
import io.peerlink.client.OutgoingMessage;
import io.peerlink.client.PeerLinkClient;
import io.peerlink.client.PeerLinkException;
import io.peerlink.client.ReadMark;
import io.peerlink.client.Receipt;
import io.peerlink.client.ReceiptListener;
import io.peerlink.client.SendReceipt;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.StringReader;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Help.Ansi;

/** The shell in plain mode against a client that answers from a script. */
final class PipedShellTest {
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final ScriptedPeer peer = new ScriptedPeer();

    @Test
    void originalCommandsPrintTheirLinesInAnyCase() throws IOException {
        int exit = run("", "REGISTER Alice", "send_msg bob hello", "Create_Group g", "JOIN_GROUP g", "leave_group g");

        assertThat(lines)
                .containsSubsequence("Registered alice", "Group g created", "Joined g", "Left g")
                // The scripted peer answers a send on another thread than the rest.
                .containsSubsequence("Registered alice", "Sent", "Delivered to bob")
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

    @Test
    void textThatBeginsWithAnAtIsNoFileToExpand(@TempDir Path directory) throws IOException {
        Path notes = Files.writeString(directory.resolve("notes"), "secret words");

        run("alice", "REGISTER", "SEND_MSG bob @" + notes);

        assertThat(peer.sent).containsExactly("bob: @" + notes);
    }

    @Test
    void encryptionIsASwitch() throws IOException {
        run("alice", "REGISTER", "SEND_MSG bob 1", "encrypt ON", "SEND_MSG bob 2", "Encrypt off", "SEND_MSG bob 3");

        assertThat(peer.sent).containsExactly("bob: 1", "sealed bob: 2", "bob: 3");
        assertThat(lines).contains("Encryption is on", "Encryption is off");
    }

    @Test
    void namesHaveNoCase() throws IOException {
        run("alice", "REGISTER", "READ TEAM", "READ Bob", "READ Team/5");

        assertThat(peer.marked).containsExactly("team", "alice~bob", "team/5");
    }

    @Test
    void sessionThatTheRoutersEndIsToldAndEndsTheShell() throws Exception {
        peer.hasKey = true;
        ShellSession session = session();
        PeerLinkException refusal = new PeerLinkException(ErrorCode.NOT_REGISTERED, "nobody", "", false);
        // Nobody writes to the pipe or closes it: only the refusal can end the shell.
        try (PipedReader silence = new PipedReader(new PipedWriter())) {
            Printer printer = printer();
            CompletableFuture<Integer> exit = CompletableFuture.supplyAsync(
                    () -> ShellCommand.piped(session, new BufferedReader(silence), printer, "alice"));
            peer.attached.get(5, TimeUnit.SECONDS).onEvent(new ConnectionEvent.Refused(refusal));

            assertThat(exit.get(5, TimeUnit.SECONDS)).isEqualTo(3);
        }
        assertThat(lines).containsExactly("error: NOT_REGISTERED nobody");
    }

    @Test
    void requestsOutliveAChangeOfLeader() {
        assertThat(PeerSource.requestTimeout(Duration.ofSeconds(2))).isEqualTo(Duration.ofSeconds(30));
        assertThat(PeerSource.requestTimeout(Duration.ofSeconds(90))).isEqualTo(Duration.ofSeconds(90));
    }

    private Printer printer() {
        return new Printer(OutputFormat.PLAIN, true, new Theme(Ansi.OFF), lines::add);
    }

    private ShellSession session() {
        return new ShellSession(peer, Duration.ofSeconds(5), printer(), event -> {});
    }

    private int run(String ownName, String... commands) throws IOException {
        BufferedReader input = new BufferedReader(new StringReader(String.join("\n", commands)));
        return ShellCommand.piped(session(), input, printer(), ownName);
    }

    /** Sends succeed unless the recipient is a ghost; every send is delivered at once. */
    private static final class ScriptedPeer implements PeerSource {
        private final List<String> sent = new CopyOnWriteArrayList<>();
        private final List<String> marked = new CopyOnWriteArrayList<>();
        private final CompletableFuture<ConnectionListener> attached = new CompletableFuture<>();
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
        public PeerLinkClient attach(String who, boolean register, ConnectionListener connections) {
            if (refusal != null) {
                throw refusal;
            }
            attached.complete(connections);
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
                case "history" ->
                    arguments[0].equals("team")
                            ? CompletableFuture.completedFuture(new HistoryPage(List.of(), false))
                            : CompletableFuture.failedFuture(new PeerLinkException(
                                    ErrorCode.UNKNOWN_CONVERSATION, "no such conversation", "", false));
                case "markRead" -> {
                    marked.add(arguments[0].toString());
                    yield CompletableFuture.completedFuture(new ReadMark("team", Instant.EPOCH));
                }
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
            sent.add((message.isSealed() ? "sealed " : "") + message.to() + ": "
                    + new String(message.body(), java.nio.charset.StandardCharsets.UTF_8));
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
