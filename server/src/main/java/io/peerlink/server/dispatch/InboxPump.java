package io.peerlink.server.dispatch;

import io.peerlink.server.raft.LinearizableReads;
import io.peerlink.statemachine.StateView.InboxFilter;
import io.peerlink.statemachine.StateView.InboxPage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves one peer's inbox to one session: reads from the session's position and pushes within credit, only while the sink is
 * ready. What is not pushed stays in the tables, so a slow or absent reader costs a number, not memory.
 *
 * <p>An actor: {@link #wake}, {@link #addCredit} and {@link #headMoved} come from any thread; the work runs on the pump
 * executor, never on two threads at once (the counter of wake-ups is the guard). {@link #position} and
 * {@link #reachedEnd} belong to that run.
 */
public final class InboxPump {
    private static final Logger LOGGER = LoggerFactory.getLogger(InboxPump.class);
    private static final int PAGE_DELIVERIES_MAX = 500;
    private static final long PAGE_BYTES_MAX = 256 * 1024;
    /** What is pushed to a sink that was ready is held in memory for as long as its reader stalls: with many of those, not so much. */
    private static final long CROWDED_PAGE_BYTES_MAX = 32 * 1024;

    private static final int STALLED_FEW = 8;
    /** Pages per turn, so that one long backlog does not keep the others waiting. */
    private static final int PAGES_PER_TURN = 4;

    /**
     * What to pump.
     *
     * @param afterSequence start behind this inbox sequence, or behind the peer's cursor if that is higher
     */
    public record Subscription(String peer, long afterSequence, InboxFilter filter) {}

    private final Subscription subscription;
    private final DeliverySink sink;
    private final LinearizableReads reads;
    private final Executor executor;
    /** How many pumps of this router wait for their sinks. */
    private final AtomicInteger stalledPumps;

    private final AtomicBoolean stalled = new AtomicBoolean();
    private final AtomicInteger wakeUps = new AtomicInteger();
    private final AtomicLong credit = new AtomicLong();
    private final AtomicLong lastAppended = new AtomicLong();
    private long position;
    /** Once the end was reached, only an append can bring news: its head is told, and no read is needed without one. */
    private boolean reachedEnd;

    private volatile boolean closed;

    InboxPump(
            Subscription subscription,
            DeliverySink sink,
            LinearizableReads reads,
            Executor executor,
            AtomicInteger stalledPumps) {
        this.subscription = subscription;
        this.sink = sink;
        this.reads = reads;
        this.executor = executor;
        this.stalledPumps = stalledPumps;
        this.position = subscription.afterSequence();
    }

    String peer() {
        return subscription.peer();
    }

    /** Grants more deliveries. */
    public void addCredit(long deliveries) {
        credit.addAndGet(deliveries);
        wake();
    }

    /** The inbox grew up to this sequence. */
    void headMoved(long newHead) {
        lastAppended.accumulateAndGet(newHead, Math::max);
        wake();
    }

    /** Looks whether there is something to push. */
    public void wake() {
        if (!closed && wakeUps.getAndIncrement() == 0) {
            executor.execute(this::turn);
        }
    }

    private void turn() {
        int seen = wakeUps.get();
        boolean more;
        try {
            more = pump();
        } catch (RuntimeException e) {
            close();
            LOGGER.warn("inbox of {} cannot be pumped: {}", subscription.peer(), e.toString());
            sink.fail(e);
            return;
        }
        // Wake-ups that came during the turn, or work left over, mean another turn, behind the other pumps.
        if (wakeUps.addAndGet(more ? 0 : -seen) != 0) {
            executor.execute(this::turn);
        }
    }

    /** Returns true if the turn ended only because it took its share. */
    private boolean pump() {
        for (int pages = 0; pages < PAGES_PER_TURN; pages++) {
            long allowed = credit.get();
            boolean news = !reachedEnd || position < lastAppended.get();
            if (closed || allowed <= 0 || !news) {
                return false;
            }
            boolean ready = sink.isReady();
            setStalled(!ready);
            if (!ready) {
                return false;
            }
            int deliveriesMax = (int) Math.min(allowed, PAGE_DELIVERIES_MAX);
            InboxPage page = reads.read(view -> view.readInbox(
                    subscription.peer(), position, subscription.filter(), deliveriesMax, pageBytesMax()));
            boolean progressed = page.upToSequence() > position;
            if (progressed) {
                position = page.upToSequence();
                credit.addAndGet(-page.deliveries());
                sink.push(page);
            }
            if (!page.more() || !progressed) {
                reachedEnd = true;
                return false;
            }
        }
        return true;
    }

    private long pageBytesMax() {
        return stalledPumps.get() <= STALLED_FEW ? PAGE_BYTES_MAX : CROWDED_PAGE_BYTES_MAX;
    }

    private void setStalled(boolean now) {
        if (stalled.compareAndSet(!now, now)) {
            stalledPumps.addAndGet(now ? 1 : -1);
        }
        if (now && closed) {
            // Closed on another thread meanwhile.
            setStalled(false);
        }
    }

    /** Ends it; a push that is under way may still come. */
    public void close() {
        closed = true;
        setStalled(false);
    }
}
