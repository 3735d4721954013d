package io.peerlink.client.outbox;

import io.peerlink.client.ErrorCode;
import io.peerlink.client.OverflowPolicy;
import io.peerlink.client.PeerLinkException;
import io.peerlink.client.callback.SerialLane;
import io.peerlink.protocol.v1.OutcomeRun;
import io.peerlink.protocol.v1.Requests;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Every request from the call until its outcome.
 *
 * <p>Three places, in order: <i>held</i> (mark-reads that wait until the confirmation of their message went out),
 * <i>waiting</i> (never put on any stream), <i>sent</i> (has a sequence, may have been carried out). A sequence is given at
 * the step from waiting to sent, so what was never sent can be dropped or moved to a new incarnation without a hole.
 *
 * <p>Threads: programs add under the lock; one lock round moves a whole frame's worth to sent. What is sent belongs to the
 * session thread alone. Bounds: the window for sends, the same number again for held ones.
 */
public final class Outbox {
    private static final int FRAME_REQUESTS_MAX = 1_000;
    private static final int FRAME_BYTES_MAX = 1 << 20;

    private final OverflowPolicy onFull;
    private final SerialLane completions;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition roomMade = lock.newCondition();
    // Guarded by lock.
    private final SendWindow window;
    private final ArrayDeque<PendingRequest> waiting = new ArrayDeque<>();
    private final ArrayDeque<Held> held = new ArrayDeque<>();
    private long confirmedInbox;
    private @Nullable PeerLinkException closed;

    // Session thread only.
    private final SentRequests sent = new SentRequests();
    private long lowest = 1;
    private int onStream;
    private int timedOut;

    private record Held(PendingRequest request, long afterInboxSequence) {}

    /** Futures complete on {@code completions}. */
    public Outbox(int requestsMax, long bytesMax, OverflowPolicy onFull, SerialLane completions) {
        this.window = new SendWindow(requestsMax, bytesMax);
        this.onFull = onFull;
        this.completions = completions;
    }

    /**
     * Takes a request in, in call order. Any thread; may block. A request that is not taken has its future failed.
     *
     * @return whether it was taken
     */
    public boolean add(PendingRequest request) {
        int size = request.bytes();
        boolean fromCallback = completions.isCurrentThread();
        PeerLinkException refusal;
        lock.lock();
        try {
            while (closed == null && !window.hasRoomFor(size, fromCallback) && onFull == OverflowPolicy.BLOCK) {
                roomMade.await();
            }
            if (closed == null && window.hasRoomFor(size, fromCallback)) {
                window.enter(size);
                waiting.add(request);
                return true;
            }
            refusal = closed != null ? closed : full();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            refusal = new PeerLinkException(
                    ErrorCode.INTERRUPTED, "interrupted while waiting for room; nothing was sent", "", true, e);
        } finally {
            lock.unlock();
        }
        request.fail(refusal);
        return false;
    }

    /** Takes a mark-read in that may go out once everything up to {@code inboxSequence} is confirmed. Never blocks. */
    public void addAfter(PendingRequest request, long inboxSequence) {
        PeerLinkException refusal;
        lock.lock();
        try {
            boolean full = held.size() + window.requests() >= 2 * window.requestsMax();
            if (closed == null && !full) {
                window.enter(request.bytes());
                if (inboxSequence <= confirmedInbox) {
                    waiting.add(request);
                } else {
                    held.add(new Held(request, inboxSequence));
                }
                return;
            }
            refusal = closed != null ? closed : full();
        } finally {
            lock.unlock();
        }
        request.fail(refusal);
    }

    /** Fails a request that will never be ready. Any thread; wake the session then. */
    public void drop(PendingRequest request, PeerLinkException error) {
        lock.lock();
        try {
            if (!waiting.remove(request)) {
                // Overdue or closed meanwhile.
                return;
            }
            window.leave(request.bytes());
            roomMade.signalAll();
        } finally {
            lock.unlock();
        }
        fail(List.of(request), error);
    }

    /** Lets mark-reads go whose messages are confirmed on the stream up to {@code inboxSequence}. Session thread. */
    public void releaseUpTo(long inboxSequence) {
        lock.lock();
        try {
            confirmedInbox = Math.max(confirmedInbox, inboxSequence);
            held.removeIf(mark -> mark.afterInboxSequence() <= confirmedInbox && waiting.add(mark.request()));
        } finally {
            lock.unlock();
        }
    }

    /**
     * The next frame for the stream, of what is to be resent or else of what waits; empty if there is nothing or
     * {@code unsettledMax} requests are on the stream. Session thread.
     */
    public Optional<Requests> nextFrame(int unsettledMax) {
        int from = onStream;
        int limit = Math.min(FRAME_REQUESTS_MAX, unsettledMax - from);
        if (limit <= 0) {
            return Optional.empty();
        }
        if (sent.size() - from < limit) {
            takeWaiting(limit - (sent.size() - from));
        }
        if (sent.size() == from) {
            return Optional.empty();
        }
        Requests.Builder frame =
                Requests.newBuilder().setFirstSequence(lowest + from).setLowestUnsettled(lowest);
        int bytes = 0;
        PendingRequest before = null;
        while (onStream < sent.size() && onStream - from < limit && bytes < FRAME_BYTES_MAX) {
            PendingRequest request = sent.get(onStream);
            bytes += request.bytes();
            request.addTo(frame, before);
            before = request;
            onStream++;
        }
        return Optional.of(frame.build());
    }

    private void takeWaiting(int count) {
        lock.lock();
        try {
            int bytes = 0;
            for (int i = 0; i < count && bytes < FRAME_BYTES_MAX; i++) {
                if (waiting.isEmpty() || !waiting.element().isReady()) {
                    return;
                }
                PendingRequest request = waiting.remove();
                bytes += request.bytes();
                sent.addLast(request);
            }
        } finally {
            lock.unlock();
        }
    }

    /** A new stream of the same incarnation: everything without an outcome goes out again, from the lowest. */
    public void rewind() {
        onStream = 0;
    }

    /** A new incarnation: what was sent fails with OUTCOME_UNKNOWN, what waits gets new sequences. */
    public void startIncarnation() {
        PeerLinkException unknown = new PeerLinkException(
                ErrorCode.OUTCOME_UNKNOWN,
                "the routers forgot this session before they told the outcome",
                "Look into the conversation's history before you send again.",
                false);
        fail(takeSent(sent.size()), unknown);
        lowest = 1;
        onStream = 0;
    }

    /**
     * Settles the requests of an accepted or refused run; the futures complete on the lane, with {@code refusal} if there is
     * one. What was settled before is skipped. Session thread.
     *
     * @return false if the run leaves a hole, names requests that are not on the stream, or is none that they can have; then
     *     nothing was done
     */
    public boolean settle(OutcomeRun run, @Nullable PeerLinkException refusal) {
        long end = run.getFirstSequence() + Integer.toUnsignedLong(run.getCount());
        if (run.getFirstSequence() > lowest || end > lowest + onStream) {
            return false;
        }
        if (end <= lowest) {
            return true;
        }
        int skip = (int) (lowest - run.getFirstSequence());
        int count = (int) (end - lowest);
        for (int i = 0; i < count && refusal == null; i++) {
            if (!sent.get(i).isAnsweredBy(run, skip + i)) {
                return false;
            }
        }
        List<PendingRequest> settled = takeSent(count);
        complete(settled, run, skip, refusal);
        return true;
    }

    private List<PendingRequest> takeSent(int count) {
        List<PendingRequest> taken = new ArrayList<>(count);
        int overdue = Math.min(timedOut, count);
        for (int i = 0; i < count; i++) {
            taken.add(sent.removeFirst());
        }
        lowest += count;
        onStream = Math.max(0, onStream - count);
        timedOut -= overdue;
        lock.lock();
        try {
            for (PendingRequest request : taken) {
                window.leave(request.bytes());
            }
            roomMade.signalAll();
        } finally {
            lock.unlock();
        }
        return taken;
    }

    private void complete(List<PendingRequest> settled, OutcomeRun run, int skip, @Nullable PeerLinkException refusal) {
        boolean anyIndirect = false;
        for (int i = 0; i < settled.size(); i++) {
            if (settled.get(i).isDirect()) {
                completeOne(settled.get(i), run, skip + i, refusal);
            } else {
                anyIndirect = true;
            }
        }
        if (!anyIndirect) {
            return;
        }
        beginCompleting(settled.size());
        completions.execute(() -> {
            for (int i = 0; i < settled.size(); i++) {
                if (!settled.get(i).isDirect()) {
                    completeOne(settled.get(i), run, skip + i, refusal);
                }
            }
            endCompleting(settled.size());
        });
    }

    private static void completeOne(
            PendingRequest request, OutcomeRun run, int index, @Nullable PeerLinkException refusal) {
        if (refusal == null) {
            request.accept(run, index);
        } else {
            request.fail(refusal);
        }
    }

    private void fail(List<PendingRequest> requests, PeerLinkException error) {
        complete(requests, OutcomeRun.getDefaultInstance(), 0, error);
    }

    private void beginCompleting(int count) {
        lock.lock();
        try {
            window.beginCompleting(count);
        } finally {
            lock.unlock();
        }
    }

    private void endCompleting(int count) {
        lock.lock();
        try {
            window.endCompleting(count);
            roomMade.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Fails the futures of overdue requests. Those never sent are dropped; those sent keep their place, because the router
     * counts on it, until their outcome comes. Session thread.
     */
    public void expire(long nowNanos) {
        List<PendingRequest> unsent = new ArrayList<>();
        lock.lock();
        try {
            while (!waiting.isEmpty() && nowNanos - waiting.element().deadlineNanos() >= 0) {
                unsent.add(waiting.remove());
            }
            held.removeIf(mark -> nowNanos - mark.request().deadlineNanos() >= 0 && unsent.add(mark.request()));
            unsent.forEach(request -> window.leave(request.bytes()));
            if (!unsent.isEmpty()) {
                roomMade.signalAll();
            }
        } finally {
            lock.unlock();
        }
        if (!unsent.isEmpty()) {
            fail(
                    unsent,
                    new PeerLinkException(
                            ErrorCode.UNAVAILABLE, "not sent within the request time-out", "Try again later.", true));
        }
        List<PendingRequest> overdue = new ArrayList<>();
        while (timedOut < sent.size() && nowNanos - sent.get(timedOut).deadlineNanos() >= 0) {
            overdue.add(sent.get(timedOut));
            timedOut++;
        }
        if (!overdue.isEmpty()) {
            fail(
                    overdue,
                    new PeerLinkException(
                            ErrorCode.OUTCOME_UNKNOWN,
                            "no outcome within the request time-out; it may still be carried out",
                            "Look into the conversation's history before you send again.",
                            false));
        }
    }

    /** Fails everything and everything to come: {@code ifUnsent}, or OUTCOME_UNKNOWN for what was sent. Session thread. */
    public void close(PeerLinkException ifUnsent) {
        List<PendingRequest> unsent = new ArrayList<>();
        lock.lock();
        try {
            closed = ifUnsent;
            unsent.addAll(waiting);
            waiting.clear();
            held.forEach(mark -> unsent.add(mark.request()));
            held.clear();
            unsent.forEach(request -> window.leave(request.bytes()));
            roomMade.signalAll();
        } finally {
            lock.unlock();
        }
        fail(unsent, ifUnsent);
        startIncarnation();
    }

    /** Requests without an outcome. Any thread. */
    public int unsettled() {
        lock.lock();
        try {
            return window.requests();
        } finally {
            lock.unlock();
        }
    }

    /** Requests on the present stream without an outcome. Session thread. */
    public int onStream() {
        return onStream;
    }

    private static PeerLinkException full() {
        return new PeerLinkException(
                ErrorCode.WINDOW_FULL, "as many requests as allowed have no outcome", "Wait for outcomes.", true);
    }
}
