package io.peerlink.client.session;

/**
 * Judges the leader's silence. A frozen leader keeps its connections open, so only time tells. Silence counts from the last
 * frame or, if later, from when something became outstanding: requests without outcome, or a Ping.
 *
 * <p>An idle session asks only after all of its patience: thousands of them on one router must cost next to nothing.
 *
 * <p>A leader that answers Pings but settles nothing has perhaps lost its majority: that is worth a probe, not a break. Session
 * thread only; times are {@link System#nanoTime}.
 */
final class SilenceWatch {
    /** What to do. */
    enum Verdict {
        /** All is well. */
        FINE,
        /** Send a Ping. */
        PING,
        /** Look for another leader beside this stream. */
        PROBE,
        /** Leave this stream. */
        LEAVE
    }

    private final long patienceNanos;
    private boolean pinged;
    private long pingNanos;
    private boolean owed;
    private long owedNanos;
    private long progressNanos;
    private long judgedNanos;

    SilenceWatch(long patienceNanos, long nowNanos) {
        this.patienceNanos = patienceNanos;
        this.judgedNanos = nowNanos;
        this.progressNanos = nowNanos;
    }

    /** When to judge again: well within a quarter of the patience, above which it was us who slept. */
    static long tickNanos(long patienceNanos, boolean busy) {
        long part = patienceNanos / (busy ? 16 : 8);
        return Math.max(5_000_000, Math.min(busy ? 100_000_000 : 250_000_000, part));
    }

    /** Outcomes came. */
    void progressed(long now) {
        progressNanos = now;
    }

    /** A Ping went out. */
    void pinged(long now) {
        pinged = true;
        pingNanos = now;
    }

    /**
     * @param heardNanos when the last frame came
     * @param outcomesOwed whether the router owes outcomes
     */
    Verdict judge(long now, long heardNanos, boolean outcomesOwed) {
        long sinceJudged = now - judgedNanos;
        judgedNanos = now;
        if (sinceJudged > patienceNanos / 4) {
            // It was us who slept; what the router sent meanwhile is not read yet.
            owed = false;
            pinged = false;
        }
        if (outcomesOwed && !owed) {
            owedNanos = now;
            progressNanos = now;
        }
        owed = outcomesOwed;
        if (pinged && heardNanos - pingNanos > 0) {
            pinged = false;
        }
        long silent = now - heardNanos;
        if (owed) {
            silent = Math.min(silent, now - owedNanos);
        } else if (pinged) {
            silent = Math.min(silent, now - pingNanos);
        }
        if (owed || pinged) {
            if (silent > patienceNanos) {
                return Verdict.LEAVE;
            }
            if (silent > patienceNanos / 2) {
                return pinged ? Verdict.PROBE : Verdict.PING;
            }
            if (owed && now - progressNanos > patienceNanos) {
                return Verdict.PROBE;
            }
        }
        boolean pingDue = silent > (owed ? patienceNanos / 4 : patienceNanos);
        return pingDue && !pinged ? Verdict.PING : Verdict.FINE;
    }
}
