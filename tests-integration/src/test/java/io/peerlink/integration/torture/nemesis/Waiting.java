package io.peerlink.integration.torture.nemesis;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for conditions. */
public final class Waiting {
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private Waiting() {}

    /** What did not come true in time. */
    public static final class TooLate extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public TooLate(String what, Duration limit) {
            super("not within " + limit.toSeconds() + " s: " + what);
        }
    }

    /** Whether it came true in time. */
    public static boolean comesTrue(Duration limit, BooleanSupplier condition) {
        long deadline = System.nanoTime() + limit.toNanos();
        boolean holds = condition.getAsBoolean();
        while (!holds && System.nanoTime() < deadline) {
            LockSupport.parkNanos(POLL_NANOS);
            holds = condition.getAsBoolean();
        }
        return holds;
    }

    /** Waits until it comes true. */
    public static void until(String what, Duration limit, BooleanSupplier condition) {
        if (!comesTrue(limit, condition)) {
            throw new TooLate(what, limit);
        }
    }

    /** Lets time pass, because time is what is wanted: a fault lasts, a pause is a pause. */
    static void pass(Duration time) {
        comesTrue(time, () -> false);
    }
}
