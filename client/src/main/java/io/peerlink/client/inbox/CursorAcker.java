package io.peerlink.client.inbox;

/**
 * Spaces the confirmations on one stream: the first goes at once, then one in {@value #INTERVAL_MICROS} microseconds at most,
 * and as each is cumulative nothing is lost by skipping. Session thread only.
 */
public final class CursorAcker {
    private static final long INTERVAL_MICROS = 2_000;
    private static final long INTERVAL_NANOS = INTERVAL_MICROS * 1_000;

    private long sent;
    private long sentNanos;

    /** The router knows of {@code cursor}. */
    public CursorAcker(long cursor, long nowNanos) {
        sent = cursor;
        sentNanos = nowNanos - INTERVAL_NANOS;
    }

    /** Whether {@code confirmed} is news for the router. */
    public boolean isBehind(long confirmed) {
        return confirmed > sent;
    }

    /** Nanoseconds until the next confirmation may go; 0 or less: now. */
    public long waitNanos(long nowNanos) {
        return sentNanos + INTERVAL_NANOS - nowNanos;
    }

    /** {@code confirmed} goes out now. */
    public void sent(long confirmed, long nowNanos) {
        sent = confirmed;
        sentNanos = nowNanos;
    }
}
