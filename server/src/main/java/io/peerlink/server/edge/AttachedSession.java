package io.peerlink.server.edge;

import io.peerlink.log.v1.Command;
import io.peerlink.protocol.v1.ClientFrame;
import io.peerlink.protocol.v1.CursorAck;
import io.peerlink.protocol.v1.Error;
import io.peerlink.protocol.v1.ErrorCode;
import io.peerlink.protocol.v1.GoingAway;
import io.peerlink.protocol.v1.Request;
import io.peerlink.protocol.v1.Requests;
import io.peerlink.protocol.v1.RouterFrame;
import io.peerlink.protocol.v1.Subscribe;
import io.peerlink.server.dispatch.DeliverySink;
import io.peerlink.server.dispatch.InboxPump;
import io.peerlink.server.edge.SessionRegistry.SessionKey;
import io.peerlink.server.submit.OutcomeListener;
import io.peerlink.statemachine.Outcome;
import io.peerlink.statemachine.Outcome.RequestResult;
import io.peerlink.statemachine.Outcome.RequestRun;
import io.peerlink.statemachine.StateView.InboxFilter;
import io.peerlink.statemachine.StateView.InboxPage;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one attached session asks for: requests into the log, outcomes back, deliveries within credit, cursor acks.
 *
 * <p>Threads: frames on the stream's event loop, outcomes on the replies thread, pushes on a pump thread. Memory is bounded:
 * requests by the unsettled limit, acks by coalescing (one on its way, two waiting), deliveries by credit.
 */
final class AttachedSession implements DeliverySink {
    private static final int REQUESTS_PER_FRAME_MAX = 1_000;
    private static final long CREDIT_MAX = 1_000_000;

    private final EdgeContext context;
    private final FrameMapper mapper;
    private final FrameWriter writer;
    private final SessionKey key;
    private final Runnable onEnd;
    private final AtomicInteger unsettled = new AtomicInteger();

    private volatile String token = "";
    private volatile @Nullable InboxPump pump;
    private volatile boolean detaching;
    private volatile boolean closed;
    private boolean receiptsOnly;
    /** Hears of what is pushed; set before there is a pump. */
    private Consumer<InboxPage> pages = page -> {};

    private final Object ackLock = new Object();
    private boolean ackUnderWay;
    /** The highest that confirms what was pushed here; 0: none. */
    private long ackWaiting;
    /**
     * The highest beyond that; 0: none. Another stream of the peer may have shown it, so only the log can tell whether it is
     * honest, and it takes no place of one that is.
     */
    private long doubtfulAckWaiting;

    private volatile long pushedUpTo;

    /**
     * @param onEnd called when the session ends the stream by itself
     */
    AttachedSession(EdgeContext context, FrameMapper mapper, FrameWriter writer, SessionKey key, Runnable onEnd) {
        this.context = context;
        this.mapper = mapper;
        this.writer = writer;
        this.key = key;
        this.onEnd = onEnd;
    }

    String peer() {
        return key.peer();
    }

    SessionKey key() {
        return key;
    }

    String token() {
        return token;
    }

    void setToken(String token) {
        this.token = token;
    }

    void onFrame(ClientFrame frame) {
        long pauseNanos = 0;
        switch (frame.getKindCase()) {
            case REQUESTS -> {
                onRequests(frame.getRequests());
                pauseNanos = allowance().pauseNanos();
            }
            case SUBSCRIBE -> onSubscribe(frame.getSubscribe());
            case CREDIT -> onCredit(frame.getCredit().getDeliveries());
            case CURSOR_ACK -> onCursorAck(frame.getCursorAck());
            case DETACH -> detach(frame.getDetach().getForgetIncarnation());
            case PING -> writer.pong(frame.getPing());
            case HELLO, ATTACH, KIND_NOT_SET ->
                throw new IllegalStateException("PeerStream handles " + frame.getKindCase());
        }
        if (!frame.hasRequests()) {
            pauseNanos = allowance().otherFrame();
        }
        // Reads on only while there is room for what may come: back-pressure reaches the client through HTTP/2.
        if (pauseNanos > 0) {
            context.timer().schedule(this::readOn, pauseNanos, TimeUnit.NANOSECONDS);
        } else {
            readOn();
        }
    }

    /** Looked up anew, so that it is kept for as long as the session asks for anything. */
    private SendAllowance allowance() {
        return context.limits().sends().of(key.peer());
    }

    private void readOn() {
        context.batcher().whenRoom(key.peer(), writer::requestNext);
    }

    private void onRequests(Requests frame) {
        int count = 0;
        int sends = 0;
        long tooLarge = 0;
        for (Request request : frame.getRequestsList()) {
            int sequences = RequestForm.sequences(request);
            count += sequences;
            tooLarge +=
                    RequestForm.kibTooLarge(request, context.config().limits().bodyBytes());
            sends += request.hasSend() ? sequences : 0;
        }
        if (count == 0 || count > REQUESTS_PER_FRAME_MAX) {
            refuse(ErrorCode.PROTOCOL_VIOLATION, "a frame holds 1 to " + REQUESTS_PER_FRAME_MAX + " requests");
            return;
        }
        if (unsettled.addAndGet(count) > context.config().limits().unsettledRequests()) {
            refuse(ErrorCode.WINDOW_EXCEEDED, "too many requests without an outcome; Attached tells the limit");
            return;
        }
        if (frame.getRequestsList().stream().anyMatch(Request::hasMarkRead)) {
            // The mark may only cover what was confirmed before it in stream order.
            flushAck();
        }
        context.observer().requested(count);
        boolean overdrawn = allowance().isOverdrawn();
        // Refused sends cost next to nothing, if they are not large; other requests are carried out all the same.
        allowance().asked((overdrawn ? 0 : sends) + tooLarge, count - sends);
        for (Command command : mapper.requests(key.peer(), key.incarnation(), frame, overdrawn)) {
            int requests = CommandWriter.sequences(command.getSessionRequests());
            context.batcher().submit(key.peer(), command, new RequestsOutcome(requests));
        }
    }

    private final class RequestsOutcome implements OutcomeListener {
        private final int count;

        private RequestsOutcome(int count) {
            this.count = count;
        }

        @Override
        public void onOutcome(Outcome outcome) {
            if (outcome instanceof Outcome.Settled settled) {
                writer.write(mapper.outcomes(settled.runs()));
                allowance().delivers(settled.runs());
                settled.runs().forEach(AttachedSession.this::observe);
            } else if (outcome instanceof Outcome.Refused refused) {
                Error error = ErrorMapper.error(refused.rejection());
                context.observer().refused(error.getCode(), count);
                endWith(error);
            }
            if (unsettled.addAndGet(-count) == 0 && detaching) {
                writer.end();
            }
        }

        @Override
        public void onUnknown(String reason, Optional<String> leaderAddress) {
            context.observer().unknown(count);
            sendAway(reason, leaderAddress);
        }
    }

    private void observe(RequestRun run) {
        if (run.result() instanceof RequestResult.Sent) {
            context.observer().sent(run.count());
        } else if (run.result() instanceof RequestResult.Refused refused) {
            context.observer().refused(ErrorMapper.error(refused.rejection()).getCode(), run.count());
        } else {
            context.observer().done(run.count());
        }
    }

    private void onSubscribe(Subscribe subscribe) {
        if (pump != null) {
            refuse(ErrorCode.PROTOCOL_VIOLATION, "subscribed already");
            return;
        }
        if (subscribe.getCredit() == 0) {
            refuse(ErrorCode.PROTOCOL_VIOLATION, "the credit must be at least 1");
            return;
        }
        receiptsOnly = subscribe.getReceiptsOnly();
        pages = context.observer().subscribed();
        InboxFilter filter = receiptsOnly ? InboxFilter.RECEIPTS : InboxFilter.ALL;
        InboxPump started = context.dispatcher()
                .subscribe(
                        new InboxPump.Subscription(key.peer(), unsigned(subscribe.getAfterInboxSequence()), filter),
                        this);
        pump = started;
        if (closed) {
            // It ended on another thread, which saw no pump yet.
            context.dispatcher().unsubscribe(started);
        }
        started.addCredit(credit(subscribe.getCredit()));
    }

    private void onCredit(int deliveries) {
        InboxPump current = pump;
        if (current == null) {
            notSubscribed();
        } else {
            current.addCredit(credit(deliveries));
        }
    }

    /** Java's int holds the wire's uint32. */
    private static long credit(int deliveries) {
        return Math.min(Integer.toUnsignedLong(deliveries), CREDIT_MAX);
    }

    /** Java's long holds the wire's uint64; nothing real comes near the upper half. */
    private static long unsigned(long sequence) {
        return sequence < 0 ? Long.MAX_VALUE : sequence;
    }

    private void onCursorAck(CursorAck ack) {
        if (pump == null || receiptsOnly) {
            notSubscribed();
            return;
        }
        long sequence = unsigned(ack.getInboxSequence());
        synchronized (ackLock) {
            if (ackUnderWay) {
                if (sequence <= pushedUpTo) {
                    ackWaiting = Math.max(ackWaiting, sequence);
                } else {
                    doubtfulAckWaiting = Math.max(doubtfulAckWaiting, sequence);
                }
                return;
            }
            ackUnderWay = true;
        }
        submitAck(sequence);
    }

    private void flushAck() {
        long waiting = takeAck();
        while (waiting > 0) {
            submitAck(waiting);
            waiting = takeAck();
        }
    }

    /** The next one that waits, or 0. */
    private long takeAck() {
        synchronized (ackLock) {
            long next = ackWaiting;
            if (next > 0) {
                ackWaiting = 0;
            } else {
                next = doubtfulAckWaiting;
                doubtfulAckWaiting = 0;
            }
            return next;
        }
    }

    private void submitAck(long inboxSequence) {
        context.batcher().submit(key.peer(), mapper.advanceCursor(key.peer(), inboxSequence), new AckOutcome());
    }

    private final class AckOutcome implements OutcomeListener {
        @Override
        public void onOutcome(Outcome outcome) {
            if (outcome instanceof Outcome.Refused refused) {
                writer.write(RouterFrame.newBuilder()
                        .setError(ErrorMapper.error(refused.rejection()))
                        .build());
            }
            long next;
            synchronized (ackLock) {
                next = takeAck();
                ackUnderWay = next > 0;
            }
            if (next > 0) {
                submitAck(next);
            }
        }

        @Override
        public void onUnknown(String reason, Optional<String> leaderAddress) {
            sendAway(reason, leaderAddress);
        }
    }

    private void notSubscribed() {
        writer.write(RouterFrame.newBuilder()
                .setError(ErrorMapper.error(
                        ErrorCode.NOT_SUBSCRIBED, "no subscription to messages on this stream", "send Subscribe first"))
                .build());
    }

    /**
     * Ends the session once its requests are settled.
     *
     * @param forget also forget the incarnation
     */
    void detach(boolean forget) {
        detaching = true;
        close();
        if (forget) {
            // Goes through the log behind the requests, so their outcomes are told first.
            context.batcher()
                    .submit(key.peer(), mapper.closeSession(key.peer(), key.incarnation()), new CloseOutcome());
        } else if (unsettled.get() == 0) {
            writer.end();
        }
    }

    private final class CloseOutcome implements OutcomeListener {
        @Override
        public void onOutcome(Outcome outcome) {
            writer.end();
        }

        @Override
        public void onUnknown(String reason, Optional<String> leaderAddress) {
            sendAway(reason, leaderAddress);
        }
    }

    void onReady() {
        InboxPump current = pump;
        if (current != null) {
            current.wake();
        }
    }

    @Override
    public boolean isReady() {
        return writer.isReady();
    }

    @Override
    public void push(InboxPage page) {
        pushedUpTo = page.upToSequence();
        writer.write(mapper.deliveries(page));
        pages.accept(page);
    }

    @Override
    public void fail(RuntimeException cause) {
        sendAway("the inbox cannot be read here", Optional.empty());
    }

    private void sendAway(String reason, Optional<String> leaderAddress) {
        writer.end(RouterFrame.newBuilder()
                .setGoingAway(GoingAway.newBuilder().setReason(reason).setLeaderAddress(leaderAddress.orElse("")))
                .build());
        onEnd.run();
    }

    private void refuse(ErrorCode code, String message) {
        endWith(ErrorMapper.error(code, message, "see session.proto"));
    }

    private void endWith(Error error) {
        writer.end(RouterFrame.newBuilder().setError(error).build());
        onEnd.run();
    }

    /** Stops pushing. */
    void close() {
        closed = true;
        InboxPump current = pump;
        if (current != null) {
            context.dispatcher().unsubscribe(current);
        }
    }
}
