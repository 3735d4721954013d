package io.peerlink.cli.bench;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * Counts and times what falls into a window. A time is taken from the moment in which the send was due, so that at a fixed
 * rate a stall counts for all that it held up (coordinated omission, Gil Tene). Thread-safe.
 */
final class LoadMeter {
    private static final long LONGEST_MICROS = TimeUnit.HOURS.toMicros(1);
    private static final int DIGITS = 3;

    private final Histogram micros = new ConcurrentHistogram(LONGEST_MICROS, DIGITS);
    private final AtomicLong happened = new AtomicLong();
    private volatile long from = Long.MAX_VALUE;
    private volatile long until = Long.MAX_VALUE;

    /** The window begins. */
    void open() {
        from = System.nanoTime();
    }

    /** The window ends. */
    void close() {
        until = System.nanoTime();
    }

    /** It has just happened. What was due in the window is timed, also if it happens later; what happens in it is counted. */
    void add(long dueNanos) {
        long now = System.nanoTime();
        if (from != Long.MAX_VALUE && now - from >= 0 && (until == Long.MAX_VALUE || now - until < 0)) {
            happened.incrementAndGet();
        }
        if (from != Long.MAX_VALUE && dueNanos - from >= 0 && (until == Long.MAX_VALUE || dueNanos - until < 0)) {
            micros.recordValue(Math.min(LONGEST_MICROS, Math.max(1, (now - dueNanos) / 1_000)));
        }
    }

    /** How often it happened in the window. */
    long count() {
        return happened.get();
    }

    /** How often a second, on average over the window. */
    double perSecond() {
        return happened.get() * 1e9 / (until - from);
    }

    /** Microseconds. */
    Histogram micros() {
        return micros;
    }
}
