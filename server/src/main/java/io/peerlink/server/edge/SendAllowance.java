package io.peerlink.server.edge;

import io.peerlink.statemachine.Outcome.RequestResult;
import io.peerlink.statemachine.Outcome.RequestRun;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What one peer may send, and have delivered, in a second, all its sessions together. Who goes beyond is read from later: that
 * slows an honest client down and costs the router nothing. Whose debt is more than a second's worth (large frames, large groups)
 * is refused new messages until it is less. Any thread.
 */
final class SendAllowance {
    /** Debt beyond which sends are refused, and the longest time for which a stream is not read on its account. */
    static final long DEBT_NANOS_MAX = TimeUnit.SECONDS.toNanos(1);

    /**
     * In messages: consecutive ones of a session are applied together, at more than a million a second, while joining, leaving and
     * marking read change rows one by one.
     */
    private static final int OTHER_REQUEST_COST = 20;

    static final SendAllowance UNLIMITED = new SendAllowance(Optional.empty(), Optional.empty(), Optional.empty());

    private final List<RateBudget> budgets;
    private final Optional<RateBudget> sends;
    private final Optional<RateBudget> deliveries;
    private final Optional<RateBudget> otherFrames;

    /**
     * @param otherFrames frames without requests. Apart, so that who may not send for a while can still receive and confirm.
     */
    SendAllowance(Optional<RateBudget> sends, Optional<RateBudget> deliveries, Optional<RateBudget> otherFrames) {
        this.sends = sends;
        this.deliveries = deliveries;
        this.otherFrames = otherFrames;
        this.budgets =
                List.of(sends, deliveries).stream().flatMap(Optional::stream).toList();
    }

    /** Notes what the peer asked for. */
    void asked(long messages, long otherRequests) {
        take(sends, messages + otherRequests * OTHER_REQUEST_COST);
    }

    /** Notes what came of it: of an accepted message one delivery for each recipient. */
    void delivers(List<RequestRun> runs) {
        long recipients = 0;
        for (RequestRun run : runs) {
            if (run.result() instanceof RequestResult.Sent sent) {
                recipients += (long) sent.recipients() * run.count();
            }
        }
        take(deliveries, recipients);
    }

    /** Notes a ping, credit, a confirmation and the like; for how long its stream is to be read from no more, 0: not at all. */
    long otherFrame() {
        take(otherFrames, 1);
        return Math.min(otherFrames.map(RateBudget::owedNanos).orElse(0L), DEBT_NANOS_MAX);
    }

    private static void take(Optional<RateBudget> budget, long amount) {
        budget.ifPresent(limited -> limited.take(amount));
    }

    /** For how long the peer is to be read from no more, at most {@link #DEBT_NANOS_MAX}; 0: not at all. */
    long pauseNanos() {
        return Math.min(owedNanos(), DEBT_NANOS_MAX);
    }

    /** Whether so much is owed that new messages are refused. */
    boolean isOverdrawn() {
        return owedNanos() > DEBT_NANOS_MAX;
    }

    private long owedNanos() {
        long owed = 0;
        for (RateBudget budget : budgets) {
            owed = Math.max(owed, budget.owedNanos());
        }
        return owed;
    }
}
