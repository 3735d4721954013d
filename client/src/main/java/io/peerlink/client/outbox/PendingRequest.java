package io.peerlink.client.outbox;

import com.google.protobuf.ByteString;
import io.peerlink.client.MessageId;
import io.peerlink.client.PeerLinkException;
import io.peerlink.client.SendReceipt;
import io.peerlink.protocol.v1.OutcomeRun;
import io.peerlink.protocol.v1.Request;
import io.peerlink.protocol.v1.Requests;
import io.peerlink.protocol.v1.Send;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * One request and the future that tells its outcome. It carries no sequence: that is its place in the outbox, and only a
 * request that was put on a stream has one.
 */
public abstract sealed class PendingRequest {
    /** Rough size of a request beside its body: names, tags, the future. */
    private static final int OVERHEAD_BYTES = 64;

    private final long deadlineNanos;

    private PendingRequest(long deadlineNanos) {
        this.deadlineNanos = deadlineNanos;
    }

    /** Puts it behind what is in the frame, of which {@code before} is the last; null if it is the first. */
    abstract void addTo(Requests.Builder frame, @Nullable PendingRequest before);

    /** When its future fails, in the session's nanoseconds. */
    public final long deadlineNanos() {
        return deadlineNanos;
    }

    /** What it counts for in the window and in a frame. */
    public int bytes() {
        return OVERHEAD_BYTES;
    }

    /** Whether it can go out; until then it and all behind it wait. */
    boolean isReady() {
        return true;
    }

    /** True: a thread blocks on it, so it completes on the session thread; nobody else's code hangs on its future. */
    public boolean isDirect() {
        return false;
    }

    /** Whether {@code run}, of which this is number {@code index}, is an outcome that such a request can have. */
    public abstract boolean isAnsweredBy(OutcomeRun run, int index);

    /** Completes the future from {@code run}, of which this is number {@code index}. */
    public abstract void accept(OutcomeRun run, int index);

    /** Fails the future. */
    public abstract void fail(PeerLinkException error);

    /** A message. */
    public static final class Sending extends PendingRequest {
        private final CompletableFuture<SendReceipt> future = new CompletableFuture<>();
        private final Send send;
        private final int size;
        private final boolean direct;
        private volatile @Nullable ByteString body;

        /** {@code send}: without the body. {@code direct}: see {@link #isDirect}. */
        public Sending(Send send, ByteString body, long deadlineNanos, boolean direct) {
            this(send, body.size(), deadlineNanos, direct);
            this.body = body;
        }

        /** As above, but it keeps its place until {@link #provide}. {@code size}: the bytes for which it counts. */
        public Sending(Send send, int size, long deadlineNanos, boolean direct) {
            super(deadlineNanos);
            this.send = send;
            this.size = size;
            this.direct = direct;
        }

        /** Gives it its body, once and for all: a resend has the same bytes. Any thread; wake the session then. */
        public void provide(ByteString bytes) {
            body = bytes;
        }

        @Override
        boolean isReady() {
            return body != null;
        }

        @Override
        void addTo(Requests.Builder frame, @Nullable PendingRequest before) {
            ByteString bytes = Objects.requireNonNull(body, "not ready");
            if (before instanceof Sending alike && alike.send.equals(send)) {
                frame.getRequestsBuilder(frame.getRequestsCount() - 1)
                        .getSendBuilder()
                        .addBodies(bytes);
            } else {
                frame.addRequestsBuilder().setSend(send).getSendBuilder().addBodies(bytes);
            }
        }

        @Override
        public int bytes() {
            return super.bytes() + size;
        }

        /** Tells the outcome. */
        public CompletableFuture<SendReceipt> future() {
            return future;
        }

        @Override
        public boolean isDirect() {
            return direct;
        }

        @Override
        public boolean isAnsweredBy(OutcomeRun run, int index) {
            var sent = run.getSent();
            return run.hasSent()
                    && MessageId.isLegal(sent.getConversation(), sent.getFirstMessageSequence())
                    && MessageId.isLegal(sent.getConversation(), sent.getFirstMessageSequence() + index);
        }

        @Override
        public void accept(OutcomeRun run, int index) {
            var sent = run.getSent();
            future.complete(new SendReceipt(
                    new MessageId(sent.getConversation(), sent.getFirstMessageSequence() + index),
                    Instant.ofEpochMilli(sent.getSentAtMs()),
                    sent.getRecipients()));
        }

        @Override
        public void fail(PeerLinkException error) {
            future.completeExceptionally(error);
        }
    }

    /** What is settled by Done: a group to create, join or leave, a conversation to mark read. */
    public static final class Doing<T> extends PendingRequest {
        private final CompletableFuture<T> future = new CompletableFuture<>();
        private final Request request;
        private final BiFunction<String, Instant, T> outcome;

        /** Not yet under way. {@code outcome}: from the subject and the time in Done. */
        public Doing(Request request, long deadlineNanos, BiFunction<String, Instant, T> outcome) {
            super(deadlineNanos);
            this.request = request;
            this.outcome = outcome;
        }

        @Override
        void addTo(Requests.Builder frame, @Nullable PendingRequest before) {
            frame.addRequests(request);
        }

        /** Tells the outcome. */
        public CompletableFuture<T> future() {
            return future;
        }

        @Override
        public boolean isAnsweredBy(OutcomeRun run, int index) {
            return run.hasDone();
        }

        @Override
        public void accept(OutcomeRun run, int index) {
            var done = run.getDone();
            future.complete(outcome.apply(done.getSubject(), Instant.ofEpochMilli(done.getAtMs())));
        }

        @Override
        public void fail(PeerLinkException error) {
            future.completeExceptionally(error);
        }
    }
}
