package io.peerlink.integration.simulation;

import java.time.Instant;
import java.time.InstantSource;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * Virtual time and everything that is going to happen in it, on one thread. What happens when is drawn from the seed by those
 * who plan it, so the same seed gives the same order. Times are nanoseconds since the beginning of the run.
 */
final class Scheduler {
    private static final long EPOCH_MS = 1_700_000_000_000L;

    private final PriorityQueue<Planned> queue = new PriorityQueue<>();
    private final Random random;
    private final Trace trace;
    /** What {@link System#nanoTime} would say at the beginning: any number, also one that soon overflows. */
    private final long nanoOrigin;

    private long now = 1;
    private long planned;

    /** Of two at the same time the one that was planned first comes first. */
    private record Planned(long nanos, long number, Runnable task) implements Comparable<Planned> {
        @Override
        public int compareTo(Planned other) {
            int order = Long.compare(nanos, other.nanos);
            return order != 0 ? order : Long.compare(number, other.number);
        }
    }

    Scheduler(long seed, Trace trace) {
        this.random = new Random(seed);
        this.trace = trace;
        this.nanoOrigin = random.nextBoolean() ? random.nextLong() : Long.MAX_VALUE - random.nextInt();
    }

    long now() {
        return now;
    }

    long nanoTime() {
        return nanoOrigin + now;
    }

    /** A clock that is so far ahead of the others. */
    InstantSource wallClock(long aheadMs) {
        return () -> Instant.ofEpochMilli(EPOCH_MS + aheadMs + now / 1_000_000);
    }

    Random random() {
        return random;
    }

    Trace trace() {
        return trace;
    }

    /** A number from 0 to this one, small ones far more often: most things are quick, some are not. */
    long upTo(long nanos) {
        double share = random.nextDouble();
        return (long) (nanos * share * share * share);
    }

    /** Whether something happens that happens once in so many times. */
    boolean oneIn(int times) {
        return random.nextInt(times) == 0;
    }

    void at(long nanos, Runnable task) {
        queue.add(new Planned(Math.max(now, nanos), planned++, task));
    }

    void after(long nanos, Runnable task) {
        at(now + nanos, task);
    }

    /** Does the next thing, unless it lies behind this time. */
    boolean step(long limit) {
        Planned next = queue.peek();
        if (next == null || next.nanos > limit) {
            now = Math.max(now, limit);
            return false;
        }
        queue.remove();
        now = next.nanos;
        next.task.run();
        return true;
    }
}
