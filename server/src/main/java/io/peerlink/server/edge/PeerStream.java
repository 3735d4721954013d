package io.peerlink.server.edge;

import com.google.protobuf.ByteString;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.peerlink.protocol.v1.Attach;
import io.peerlink.protocol.v1.Attached;
import io.peerlink.protocol.v1.Challenge;
import io.peerlink.protocol.v1.ClientFrame;
import io.peerlink.protocol.v1.Error;
import io.peerlink.protocol.v1.ErrorCode;
import io.peerlink.protocol.v1.GoingAway;
import io.peerlink.protocol.v1.Hello;
import io.peerlink.protocol.v1.RouterFrame;
import io.peerlink.server.edge.SessionRegistry.SessionKey;
import io.peerlink.server.submit.CommandBatcher.Submission;
import io.peerlink.server.submit.OutcomeListener;
import io.peerlink.statemachine.Outcome;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's stream from Hello to its end: who is it, may it attach, and what happens when either side goes. What an
 * attached session does is {@link AttachedSession}'s.
 *
 * <p>Threads: gRPC calls {@code onNext}, {@code onError}, {@code onCompleted} one at a time on an event loop, which is never
 * blocked; the attach is continued on a work thread and the replies thread; {@link #goAway} and {@link #end} come from any.
 * {@link #state} is guarded by this.
 */
final class PeerStream implements StreamObserver<ClientFrame> {
    private static final Logger LOGGER = LoggerFactory.getLogger(PeerStream.class);
    private static final int PROTOCOL_VERSION = 1;
    /** While it is not attached, which takes seconds at most. */
    private static final int STRANGERS_PINGS_MAX = 100;

    private final EdgeContext context;
    private final FrameMapper mapper;
    private final FrameWriter writer;
    private final @Nullable SocketAddress remote;
    private final ByteString certificate;
    private final Future<?> attachTimeout;
    private final Runnable onDecided = this::onDecided;
    private StreamState state = new StreamState.AwaitingHello();
    private boolean registered;
    private int strangersPings;
    private volatile long turn;

    /**
     * A new stream.
     *
     * @param certificate SHA-256 of the one that its connection was shown; empty without TLS
     * @param remote names the connection, if there is one
     */
    PeerStream(
            EdgeContext context,
            FrameMapper mapper,
            ServerCallStreamObserver<RouterFrame> observer,
            ByteString certificate,
            @Nullable SocketAddress remote) {
        this.remote = remote;
        this.context = context;
        this.mapper = mapper;
        this.certificate = certificate;
        this.writer = new FrameWriter(observer);
        observer.disableAutoRequest();
        observer.setOnReadyHandler(this::onReady);
        observer.setOnCancelHandler(this::onGone);
        // A stream that this side ended (after Detach, or with a refusal) is not cancelled but closed.
        observer.setOnCloseHandler(this::onGone);
        this.attachTimeout = context.timer()
                .schedule(
                        this::onAttachTimeout,
                        context.config().limits().attachTimeout().toMillis(),
                        TimeUnit.MILLISECONDS);
        writer.requestNext();
    }

    @Override
    public void onNext(ClientFrame frame) {
        StreamState now = state();
        switch (frame.getKindCase()) {
            case HELLO -> onHello(now, frame.getHello());
            case ATTACH -> onAttach(now, frame.getAttach());
            case REQUESTS, SUBSCRIBE, CREDIT, CURSOR_ACK, DETACH, PING -> {
                if (now instanceof StreamState.Open open) {
                    open.session().onFrame(frame);
                } else if (frame.hasPing() && strangersPings++ < STRANGERS_PINGS_MAX) {
                    writer.pong(frame.getPing());
                    writer.requestNext();
                } else {
                    violation("send Hello and Attach before " + frame.getKindCase());
                }
            }
            case KIND_NOT_SET ->
                violation("the frame cannot be read, is empty, or of a kind that this router does not know");
        }
    }

    private void onHello(StreamState now, Hello hello) {
        if (!(now instanceof StreamState.AwaitingHello)) {
            violation("Hello must be the first frame");
            return;
        }
        if (hello.getProtocolVersion() != PROTOCOL_VERSION) {
            end(ErrorMapper.error(
                    ErrorCode.UNSUPPORTED_VERSION,
                    "this router speaks protocol version " + PROTOCOL_VERSION,
                    "use a client of that version"));
            return;
        }
        Optional<String> name = Names.canonical(hello.getName());
        if (name.isEmpty()) {
            end(ErrorMapper.error(io.peerlink.statemachine.Rejection.BAD_NAME));
            return;
        }
        boolean serving = context.leadership().isServing();
        Optional<String> otherLeader = context.leadership().otherLeaderAddress();
        if (!serving && otherLeader.isPresent()) {
            end(ErrorMapper.notLeader(otherLeader));
            return;
        }
        // Also while nobody leads: who proves its name meanwhile need not do so when the processors are wanted most.
        AttachProof proof =
                AttachProof.challenge(context.config().clusterId(), name.get(), certificate, context.random());
        turn = context.sessions().nextTurn();
        if (move(now, new StreamState.AwaitingAttach(proof))) {
            writer.write(RouterFrame.newBuilder()
                    .setChallenge(Challenge.newBuilder()
                            .setNonce(proof.nonce())
                            .setClusterId(proof.clusterId())
                            .setUndecided(!serving))
                    .build());
            writer.requestNext();
        }
    }

    private void onAttach(StreamState now, Attach attach) {
        if (!(now instanceof StreamState.AwaitingAttach awaiting)) {
            violation("Attach must follow the Challenge, once");
            return;
        }
        if (!context.sessions().hasRoom()) {
            end(ErrorMapper.error(ErrorCode.OVERLOADED, "too many sessions are attached", "try again later"));
            return;
        }
        // One that resumes may take its own place.
        if (attach.getResumeIncarnation() == 0
                && !context.sessions().hasRoomFor(awaiting.proof().name())) {
            end(SessionRegistry.tooMany());
            return;
        }
        if (move(now, new StreamState.Proving(awaiting.proof()))) {
            try {
                context.work().execute(() -> checkProof(awaiting.proof(), attach));
            } catch (RejectedExecutionException e) {
                end(ErrorMapper.error(ErrorCode.OVERLOADED, "too many clients attach at once", "try again"));
            }
        }
    }

    private void checkProof(AttachProof proof, Attach attach) {
        Optional<ErrorCode> fault = proof.verify(attach);
        if (fault.isPresent()) {
            end(ErrorMapper.error(
                    fault.get(),
                    fault.get() == ErrorCode.BAD_KEY ? "not an Ed25519 public key" : "the signature does not match",
                    "see Attach in session.proto for what to sign; over TLS nothing may stand between that ends it"));
            return;
        }
        if (state() instanceof StreamState.Proving proving
                && move(proving, new StreamState.AwaitingLeader(proof.name(), attach))) {
            context.leadership().whenDecided(onDecided);
        }
    }

    private void onDecided() {
        if (!(state() instanceof StreamState.AwaitingLeader waiting)) {
            return;
        }
        if (!context.leadership().isServing()) {
            end(ErrorMapper.notLeader(context.leadership().otherLeaderAddress()));
        } else if (move(waiting, new StreamState.Attaching(waiting.name()))) {
            open(waiting.name(), waiting.attach());
        }
    }

    private void open(String name, Attach attach) {
        Optional<AttachLimit> beyond = context.limits().attaches().admit(remote, name, attach.getPublicKey());
        if (beyond.isPresent()) {
            context.observer().attachLimited(beyond.get());
            end(ErrorMapper.error(beyond.get()));
            return;
        }
        // In one entry: nothing is waited for, and no session is refused because a registration before it got lost.
        List<Submission> steps = new ArrayList<>();
        if (attach.getRegister()) {
            steps.add(new Submission(mapper.registerPeer(name, attach), new AttachStep(outcome -> {
                registered = outcome instanceof Outcome.Registered fresh && fresh.created();
            })));
        }
        steps.add(new Submission(mapper.openSession(name, attach), new AttachStep(outcome -> {
            if (outcome instanceof Outcome.SessionOpened opened) {
                attached(opened);
            }
        })));
        context.batcher().submit(name, steps);
    }

    private void attached(Outcome.SessionOpened opened) {
        if (!(state() instanceof StreamState.Attaching before)) {
            return;
        }
        SessionKey key = new SessionKey(before.name(), opened.incarnation());
        AttachedSession session = new AttachedSession(context, mapper, writer, key, this::onGone);
        if (!move(before, new StreamState.Open(session))) {
            return;
        }
        attachTimeout.cancel(false);
        context.limits().connections().attached(remote);
        Optional<String> given = context.sessions().add(key, this);
        if (given.isEmpty()) {
            return;
        }
        String token = given.get();
        session.setToken(token);
        if (state() instanceof StreamState.Ended) {
            // It ended between the two steps, when there was nothing to remove yet.
            context.sessions().remove(key, token, this);
            return;
        }
        if (!context.leadership().isServing()) {
            // Leadership went before this session was in the registry, so it was not among those sent away.
            goAway("leads no longer", context.leadership().otherLeaderAddress());
            return;
        }
        writer.write(RouterFrame.newBuilder()
                .setAttached(attachedFrame(opened, token))
                .build());
        LOGGER.debug("{} attached, incarnation {}", key.peer(), key.incarnation());
        writer.requestNext();
    }

    private Attached attachedFrame(Outcome.SessionOpened opened, String token) {
        var limits = context.config().limits();
        Attached.Builder attached = Attached.newBuilder()
                .setIncarnation(opened.incarnation())
                .setLastSequence(opened.lastSequence())
                .setCursor(opened.cursor())
                .setHead(opened.head())
                .setSessionToken(token)
                .setTerm(context.leadership().term())
                .setRouterId(context.config().routerId())
                .setBodyBytesMax(limits.bodyBytes())
                .setUnsettledRequestsMax(limits.unsettledRequests())
                .setTtlMsMax(limits.ttl().toMillis())
                .setRegistered(registered);
        context.config()
                .routers()
                .forEach(router -> attached.addRouterAddresses(router.client().toString()));
        return attached.build();
    }

    /** A command of the attach; a refusal or an unknown outcome ends the stream. */
    private final class AttachStep implements OutcomeListener {
        private final java.util.function.Consumer<Outcome> next;

        private AttachStep(java.util.function.Consumer<Outcome> next) {
            this.next = next;
        }

        @Override
        public void onOutcome(Outcome outcome) {
            if (outcome instanceof Outcome.Refused refused) {
                end(ErrorMapper.error(refused.rejection()));
            } else {
                next.accept(outcome);
            }
        }

        @Override
        public void onUnknown(String reason, Optional<String> leaderAddress) {
            goAway(reason, leaderAddress);
        }
    }

    /** The attached session, or empty before and after. */
    Optional<SessionKey> session() {
        return state() instanceof StreamState.Open open
                ? Optional.of(open.session().key())
                : Optional.empty();
    }

    /** Its peer. */
    Optional<String> peer() {
        return session().map(SessionKey::peer);
    }

    /** Ends the stream because this router cannot serve it any longer. */
    void goAway(String reason, Optional<String> leaderAddress) {
        writer.end(RouterFrame.newBuilder()
                .setGoingAway(GoingAway.newBuilder().setReason(reason).setLeaderAddress(leaderAddress.orElse("")))
                .build());
        onGone();
    }

    /** Ends the stream with a refusal. */
    void end(Error error) {
        if (!(state() instanceof StreamState.Ended)) {
            context.observer().ended(error.getCode());
        }
        writer.end(RouterFrame.newBuilder().setError(error).build());
        onGone();
    }

    private void violation(String message) {
        end(ErrorMapper.error(ErrorCode.PROTOCOL_VIOLATION, message, "see session.proto"));
    }

    private void onReady() {
        writer.onReady();
        if (state() instanceof StreamState.Open open) {
            open.session().onReady();
        }
    }

    private void onAttachTimeout() {
        StreamState now = state();
        if (now instanceof StreamState.Attaching) {
            // The client did its part; it is this router, or its majority, that takes so long.
            goAway("opening the session takes too long here", Optional.empty());
        } else if (!(now instanceof StreamState.Open)) {
            context.observer().attachTimedOut();
            // No violation, which clients take as final: one whose process or network stood still may try again.
            goAway("not attached in time", Optional.empty());
        }
    }

    @Override
    public void onError(Throwable t) {
        onGone();
    }

    /** The client sends no more: like Detach without forgetting. */
    @Override
    public void onCompleted() {
        if (state() instanceof StreamState.Open open) {
            open.session().detach(false);
        } else {
            writer.end();
            onGone();
        }
    }

    /** Forgets the session; idempotent. */
    private void onGone() {
        StreamState before;
        synchronized (this) {
            before = state;
            state = new StreamState.Ended();
        }
        attachTimeout.cancel(false);
        context.leadership().forget(onDecided);
        if (before instanceof StreamState.Open open) {
            open.session().close();
            context.sessions().remove(open.session().key(), open.session().token(), this);
        }
    }

    /** When it was challenged, in the order of {@link SessionRegistry#nextTurn}. */
    long turn() {
        return turn;
    }

    private synchronized StreamState state() {
        return state;
    }

    @SuppressWarnings("ReferenceEquality") // each state of a stream is an object of its own
    private synchronized boolean move(StreamState from, StreamState to) {
        if (state != from) {
            return false;
        }
        state = to;
        return true;
    }
}
