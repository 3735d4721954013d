package io.peerlink.cli.local;

import io.peerlink.cli.CliException;
import io.peerlink.cli.ExitCode;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for what a local cluster is to do, by looking again and again. Blocks the caller's thread. */
public final class Waiting {
    private static final long POLL_MS = 10;

    private Waiting() {}

    /** Returns whether it came true within the limit. */
    public static boolean atMost(Duration limit, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            Thread.sleep(POLL_MS);
        }
        return true;
    }

    /**
     * Returns once it is true.
     *
     * @throws CliException naming what did not come within the limit
     */
    public static void until(String what, Duration limit, BooleanSupplier condition) throws InterruptedException {
        if (!atMost(limit, condition)) {
            throw new CliException(
                    ExitCode.FAILED, "STUCK", what + " did not come within " + limit.toSeconds() + " s", "");
        }
    }
}
