package io.peerlink.cli.shell;

import io.peerlink.cli.CliException;
import io.peerlink.cli.ConversationName;
import io.peerlink.cli.ExitCode;
import io.peerlink.cli.Failure;
import io.peerlink.cli.output.Happening;
import io.peerlink.cli.output.Printer;
import io.peerlink.client.ConnectionEvent;
import io.peerlink.client.ConnectionListener;
import io.peerlink.client.IncomingMessage;
import io.peerlink.client.ManagedGroup;
import io.peerlink.client.MessageId;
import io.peerlink.client.OutgoingMessage;
import io.peerlink.client.PeerLinkClient;
import io.peerlink.client.PeerLinkException;
import io.peerlink.client.ReadMark;
import io.peerlink.client.Receipt;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One peer's live session in the shell: what the commands do and what comes in. Commands run on the shell's thread; outcomes,
 * messages and receipts arrive on the client's callback thread and are printed as they come.
 */
final class ShellSession implements AutoCloseable {
    private final PeerSource peers;
    private final Duration patience;
    private final Printer printer;
    private final ConnectionListener connections;
    private final SentLog log = new SentLog();
    private final Set<String> names = ConcurrentHashMap.newKeySet();
    private final ConcurrentHashMap<Long, CompletableFuture<Void>> outstanding = new ConcurrentHashMap<>();
    private final AtomicLong requestNumber = new AtomicLong();
    private volatile @Nullable PeerLinkClient client;
    private volatile @Nullable MessageId lastSent;
    private volatile ExitCode firstFailure = ExitCode.OK;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile boolean closing;
    private volatile boolean encrypting;
    private CompletableFuture<Void> receiptsShown = CompletableFuture.completedFuture(null);

    /**
     * @param patience how long an answer is waited for
     */
    ShellSession(PeerSource peers, Duration patience, Printer printer, ConnectionListener connections) {
        this.peers = peers;
        this.patience = patience;
        this.printer = printer;
        this.connections = connections;
    }

    /** Attaches at once if this machine has a key for the name and the name is registered with it. */
    void attachIfRegistered(String name) {
        if (!name.isEmpty() && peers.hasKey(name)) {
            attach(name, false);
        }
    }

    /** Registers the name (again, if it is ours already) and attaches. */
    void register(String name) {
        PeerLinkClient current = client;
        if (current != null && !current.name().equals(fold(name))) {
            throw new CliException(
                    ExitCode.CONFLICT,
                    "CONFLICT",
                    "this shell is " + current.name() + " already",
                    "start another shell for " + name);
        }
        if (ended.isDone()) {
            throw new CliException(
                    ExitCode.FAILED, "SESSION_ENDED", "the routers ended this session", "start the shell again");
        }
        PeerLinkClient registered = current == null ? attach(name, true) : current;
        printer.print(new Happening.Registered(registered.name()));
    }

    private PeerLinkClient attach(String name, boolean register) {
        CompletableFuture<PeerLinkException> refusal = new CompletableFuture<>();
        PeerLinkClient fresh = peers.attach(name, register, event -> {
            connections.onEvent(event);
            if (event instanceof ConnectionEvent.Refused refused) {
                refusal.complete(refused.error());
            }
        });
        client = fresh;
        fresh.onReceipt(this::onReceipt);
        fresh.subscribe(this::onMessage);
        names.add(fresh.name());
        // Heard of only now: a refusal of the first attach is what attach throws.
        refusal.thenAccept(this::end);
        return fresh;
    }

    private void end(PeerLinkException refusal) {
        fail(refusal);
        ended.complete(null);
    }

    /** Completes when the routers refused this session for good, after that was printed: nothing will work any more. */
    CompletableFuture<Void> ended() {
        return ended;
    }

    /** The peer this shell is, once attached. */
    Optional<PeerLinkClient> attached() {
        return Optional.ofNullable(client);
    }

    /** Names seen so far: peers, groups and conversations, for completion. */
    Set<String> names() {
        return names;
    }

    /** The newest message that this shell sent. */
    Optional<MessageId> lastSent() {
        return Optional.ofNullable(lastSent);
    }

    private PeerLinkClient client() {
        PeerLinkClient current = client;
        if (current == null) {
            throw new CliException(
                    ExitCode.NOT_FOUND, "NOT_REGISTERED", "not registered here yet", "type REGISTER or REGISTER NAME");
        }
        return current;
    }

    void send(String to, String text) {
        names.add(to);
        OutgoingMessage plain = OutgoingMessage.text(to, text);
        OutgoingMessage message = encrypting ? plain.sealed() : plain;
        tellWhenDone(() -> client().sendAsync(message), receipt -> {
            log.sent(receipt.id());
            lastSent = receipt.id();
            return new Happening.Sent(receipt.id(), to, receipt.recipients());
        });
    }

    /** Whether what is sent from now on is end to end encrypted. */
    void encrypt(boolean on) {
        encrypting = on;
    }

    boolean isEncrypting() {
        return encrypting;
    }

    /** Takes a peer's present key for the one that counts. */
    void acceptKey(String peer) {
        String fingerprint = ask(client -> client.keys(peer)).fingerprint();
        tellWhenDone(
                () -> client().acceptKeys(peer, fingerprint),
                keys -> new Happening.KeyAccepted(keys.peer(), keys.fingerprint()));
    }

    void createGroup(String group) {
        names.add(group);
        tellWhenDone(() -> client().createGroup(group), change -> new Happening.GroupCreated(change.group()));
    }

    void createPrivateGroup(String group) {
        names.add(group);
        tellWhenDone(() -> client().createPrivateGroup(group), change -> new Happening.GroupCreated(change.group()));
    }

    /** Does something to a group, or to a peer in it, and tells it as {@code done}. */
    void manage(String group, Function<ManagedGroup, CompletableFuture<?>> change, Happening done) {
        tellWhenDone(() -> change.apply(client().manage(group)), any -> done);
    }

    void setBlocked(String peer, boolean blocked) {
        tellWhenDone(
                () -> blocked ? client().block(peer) : client().unblock(peer),
                any -> new Happening.Changed(blocked ? "Blocked" : "Unblocked", fold(peer), ""));
    }

    void joinGroup(String group) {
        names.add(group);
        tellWhenDone(() -> client().joinGroup(group), change -> new Happening.Joined(change.group()));
    }

    void leaveGroup(String group) {
        tellWhenDone(() -> client().leaveGroup(group), change -> new Happening.Left(change.group()));
    }

    void markRead(String what) {
        // Asked here: the request itself is made under the lock that receipts wait for.
        Supplier<CompletableFuture<ReadMark>> request;
        if (what.indexOf('/') >= 0) {
            MessageId upTo = message(what);
            request = () -> client().markRead(upTo);
        } else {
            String conversation = conversation(what);
            request = () -> client().markRead(conversation);
        }
        tellWhenDone(request, done -> new Happening.MarkedRead(done.conversation()));
    }

    /** Names have no case; the routers keep them in lower case. */
    private static String fold(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /** A conversation by the name that people use for it. Blocks. */
    String conversation(String typed) {
        return ask(client -> ConversationName.resolve(client, typed));
    }

    /** A message, as {@link ConversationName#resolveMessage} takes it. Blocks. */
    MessageId message(String typed) {
        return ask(client -> ConversationName.resolveMessage(client, typed));
    }

    /** Asks the cluster, after everything asked for before has its outcome, so that the answer includes it. */
    <T> T ask(Function<PeerLinkClient, CompletableFuture<T>> question) {
        awaitOutcomes();
        try {
            return question.apply(client()).get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw new CliException(ExitCode.UNAVAILABLE, "UNAVAILABLE", "no answer in time", "try again");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException(ExitCode.FAILED, "INTERRUPTED", "interrupted", "");
        }
    }

    /** Synchronized with {@link #onReceipt}: a receipt never finds a request that is made but not noted yet. */
    private synchronized <T> void tellWhenDone(
            Supplier<? extends CompletableFuture<? extends T>> request, Function<T, Happening> happening) {
        // The printing is part of what is waited for: whoever waits for outcomes has seen their lines.
        CompletableFuture<Void> told = request.get().handle((value, failure) -> {
            if (failure == null) {
                printer.print(happening.apply(value));
            } else {
                fail(failure);
            }
            return null;
        });
        Long number = requestNumber.incrementAndGet();
        outstanding.put(number, told);
        told.whenComplete((done, failure) -> outstanding.remove(number));
    }

    /** Prints what went wrong; the first failure decides the shell's exit code. */
    void fail(Throwable thrown) {
        Failure failure = Failure.of(thrown);
        if (firstFailure == ExitCode.OK) {
            firstFailure = failure.exitCode();
        }
        printer.print(new Happening.Failed(failure));
    }

    ExitCode exitCode() {
        return firstFailure;
    }

    private void onMessage(IncomingMessage message) {
        log.received(message.id());
        names.add(message.from());
        message.group().ifPresent(names::add);
        printer.print(Happening.Received.of(message));
    }

    /**
     * A receipt covers a range; users are told message by message. It waits for the outcomes of what is on its way, which
     * may be messages of the range, and looks up what an earlier session sent.
     */
    private synchronized void onReceipt(Receipt receipt) {
        receiptsShown = receiptsShown
                .thenCompose(shown -> outcomes())
                .thenCompose(settled -> new ReceiptLookup(log, client(), receipt).ours())
                .thenAccept(ids -> ids.forEach(id ->
                        printer.print(new Happening.StateChanged(id, receipt.kind(), receipt.peer(), receipt.at()))))
                .exceptionally(failure -> {
                    // A session that ends takes its questions with it; that it ends has been said.
                    if (!closing && !ended.isDone()) {
                        fail(failure);
                    }
                    return null;
                });
    }

    private CompletableFuture<Void> outcomes() {
        return CompletableFuture.allOf(outstanding.values().toArray(new CompletableFuture<?>[0]));
    }

    /** Waits until everything asked for has its outcome; each ends by itself at the client's request time-out. */
    void awaitOutcomes() {
        outcomes().join();
    }

    private synchronized CompletableFuture<Void> receiptsShown() {
        return receiptsShown;
    }

    /** Ends the session: outcomes first, the receipts that came with them, confirmations of what was shown. */
    @Override
    public void close() {
        awaitOutcomes();
        receiptsShown()
                .completeOnTimeout(null, patience.toMillis(), TimeUnit.MILLISECONDS)
                .join();
        PeerLinkClient current = client;
        if (current != null) {
            if (!ended.isDone()) {
                current.drain(patience);
            }
            closing = true;
            current.close();
        }
    }
}
