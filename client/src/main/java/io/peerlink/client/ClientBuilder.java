package io.peerlink.client;

import io.peerlink.client.encryption.EndToEnd;
import io.peerlink.client.encryption.Opener;
import io.peerlink.client.identity.Identity;
import io.peerlink.client.inbox.Inbox;
import io.peerlink.client.inbox.InboxSettings;
import io.peerlink.client.inbox.ReceiptBook;
import io.peerlink.client.outbox.Outbox;
import io.peerlink.client.session.Endpoint;
import io.peerlink.client.session.Platform;
import io.peerlink.client.session.Session;
import io.peerlink.client.session.SessionSettings;
import io.peerlink.protocol.v1.GetPeerKeysRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Collects what a client needs. Not thread-safe; each setter returns this. */
public final class ClientBuilder {
    private List<String> servers = List.of("localhost:7401", "localhost:7402", "localhost:7403");
    private @Nullable Identity identity;
    private String inviteCode = "";
    private boolean registerIfUnknown = true;
    private Duration connectTimeout = Duration.ofSeconds(10);
    private Duration ackTimeout = Duration.ofSeconds(2);
    private Duration requestTimeout = Duration.ofSeconds(60);
    private int maxInFlight = 1_000;
    private long maxBufferedBytes = 8L << 20;
    private OverflowPolicy onFull = OverflowPolicy.BLOCK;
    private int credit = 1_000;
    private @Nullable Executor callbackExecutor;
    private @Nullable ConnectionListener connectionListener;
    private @Nullable ErrorListener errorListener;
    private @Nullable CursorStore cursorStore;
    private String agent = "peerlink-java";
    private RouterTrust trust = RouterTrust.plainText();
    private @Nullable Path endToEndDirectory;

    ClientBuilder() {}

    /** Where routers listen for clients, each host:port. Default: the local three. Others are learned from the leader. */
    public ClientBuilder servers(String... hostPort) {
        return servers(List.of(hostPort));
    }

    /**
     * As {@link #servers(String...)}.
     *
     * @throws IllegalArgumentException if there is none, or one is not host:port with a port from 1 to 65535
     */
    public ClientBuilder servers(List<String> hostPort) {
        if (hostPort.isEmpty()) {
            throw new IllegalArgumentException("at least one server is needed");
        }
        hostPort.forEach(Endpoint::of);
        servers = List.copyOf(hostPort);
        return this;
    }

    /** How routers are told from others in their place. Default: plain text, no TLS. */
    public ClientBuilder trust(RouterTrust routers) {
        trust = routers;
        return this;
    }

    /** Who this client is. Required. */
    public ClientBuilder identity(Identity who) {
        identity = who;
        return this;
    }

    /** Whether an unknown name is registered with this identity's key. Default true. */
    public ClientBuilder registerIfUnknown(boolean register) {
        registerIfUnknown = register;
        return this;
    }

    /** The code with which an unknown name is registered, where the cluster asks for one, or a locked name is taken over. */
    public ClientBuilder inviteCode(String code) {
        inviteCode = code;
        return this;
    }

    /** How long {@link PeerLinkClient#connect} waits, and how long one attempt at one server may take. Default 10 s. */
    public ClientBuilder connectTimeout(Duration limit) {
        connectTimeout = positive(limit);
        return this;
    }

    /**
     * How long the leader may be silent while something is outstanding before the client leaves it. It looks for another
     * leader in parallel from half of this on. Default 2 s.
     */
    public ClientBuilder ackTimeout(Duration limit) {
        ackTimeout = positive(limit);
        return this;
    }

    /** How long a send or query may stay without outcome before its future fails. Default 60 s. */
    public ClientBuilder requestTimeout(Duration limit) {
        requestTimeout = positive(limit);
        return this;
    }

    /** How many sends may be without outcome. Default 1,000. */
    public ClientBuilder maxInFlight(int requests) {
        maxInFlight = (int) positive(requests);
        return this;
    }

    /** How many body bytes may be without outcome; one message always fits. Default 8 MiB. */
    public ClientBuilder maxBufferedBytes(long bytes) {
        maxBufferedBytes = positive(bytes);
        return this;
    }

    /** What a send does at these limits. Default BLOCK. */
    public ClientBuilder onFull(OverflowPolicy policy) {
        onFull = policy;
        return this;
    }

    /** How many deliveries may be on the way or waiting for the handler. Default 1,000. */
    public ClientBuilder credit(int deliveries) {
        credit = (int) positive(deliveries);
        return this;
    }

    /**
     * Where handlers, listeners and futures run; at most three tasks of a client at a time, each in order. The program owns
     * it; it must have threads of its own, since the one that hands over serves the network of several clients. Default: daemon
     * threads that all clients of the JVM share.
     */
    public ClientBuilder callbackExecutor(Executor executor) {
        callbackExecutor = executor;
        return this;
    }

    /** Who hears of connects and losses. Default: the log. */
    public ClientBuilder connectionListener(ConnectionListener listener) {
        connectionListener = listener;
        return this;
    }

    /** Who hears of handler failures and the like. Default: the log. */
    public ClientBuilder errorListener(ErrorListener listener) {
        errorListener = listener;
        return this;
    }

    /** Remembers across restarts what was handled. Default: nothing does. */
    public ClientBuilder cursorStore(CursorStore store) {
        cursorStore = store;
        return this;
    }

    /**
     * Turns end-to-end encryption on: this client publishes a key, opens what comes sealed, and can send
     * {@link OutgoingMessage#sealed}. Without: it can do neither.
     *
     * @param directory where its encryption key (beside the identity's, made if there is none), the keys of peers that it met
     *     and the list of messages that it opened are kept; {@link Identity#defaultDirectory} with the command line
     */
    public ClientBuilder endToEnd(Path directory) {
        endToEndDirectory = directory;
        return this;
    }

    /** Program and version, for the router's log. */
    public ClientBuilder agent(String program) {
        agent = program;
        return this;
    }

    /**
     * Starts a client; it connects in the background.
     *
     * @throws IllegalStateException if no identity was given
     * @throws PeerLinkException BAD_IDENTITY if end-to-end encryption is on and its key cannot be read or made
     */
    public PeerLinkClient build() {
        return build(Platform.system(trust));
    }

    /**
     * As {@link #build()}, with time, thread and connections from elsewhere. Give a {@link #callbackExecutor} too, or handlers
     * run on threads of their own all the same.
     */
    public PeerLinkClient build(Platform platform) {
        Identity who = identity;
        if (who == null) {
            throw new IllegalStateException("an identity is needed: identity(Identity.loadOrCreate(directory, name))");
        }
        SessionSettings settings = new SessionSettings(
                who, registerIfUnknown, inviteCode, servers, connectTimeout, ackTimeout, requestTimeout, agent, trust);
        Callbacks callbacks = new Callbacks(callbackExecutor, connectionListener, errorListener);
        Outbox outbox = new Outbox(maxInFlight, maxBufferedBytes, onFull, callbacks.completions());
        Session session = new Session(settings, outbox, callbacks, callbacks.completions(), platform);
        ReceiptBook receipts = new ReceiptBook();
        Optional<SealedSends> sealed = Optional.ofNullable(endToEndDirectory)
                .map(directory ->
                        new SealedSends(endToEnd(who, directory, session, platform), session, outbox, callbacks));
        Inbox inbox = new Inbox(
                new InboxSettings(
                        who.name(),
                        credit,
                        Optional.ofNullable(cursorStore),
                        callbacks.errors(),
                        sealed.map(SealedSends::opener).orElseGet(Opener::none)),
                callbacks.deliveries(),
                session,
                receipts);
        sealed.ifPresent(SealedSends::publishWhenAttached);
        session.start(inbox);
        return new SessionClient(
                settings, new SessionClient.Parts(session, outbox, inbox, receipts, callbacks, sealed));
    }

    private static EndToEnd endToEnd(Identity who, Path directory, Session session, Platform platform) {
        return new EndToEnd(
                who,
                new EndToEnd.Surroundings(
                        directory,
                        peer -> session.queries()
                                .getPeerKeys(GetPeerKeysRequest.newBuilder()
                                        .setPeer(peer)
                                        .build()),
                        () -> session.attachment()
                                .map(Attachment::clusterId)
                                .orElseThrow(() -> new IllegalStateException("asked before the first attach")),
                        platform.nanoTime()));
    }

    private static Duration positive(Duration limit) {
        if (limit.isNegative() || limit.isZero()) {
            throw new IllegalArgumentException("a time-out must be positive: " + limit);
        }
        return limit;
    }

    private static long positive(long number) {
        if (number < 1) {
            throw new IllegalArgumentException("a limit must be at least 1: " + number);
        }
        return number;
    }
}
