package io.peerlink.server.edge;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * So much a second for one peer, and a second's worth at once (token bucket). It may be overdrawn, because what a frame costs is
 * known only when it is here; what is owed then has to be waited for. Any thread.
 */
final class RateBudget {
    private final Bucket bucket;
    private final long perSecond;

    /**
     * @param clock monotonic
     */
    RateBudget(long perSecond, TimeMeter clock) {
        this.perSecond = perSecond;
        this.bucket = Bucket.builder()
                .addLimit(limit -> limit.capacity(perSecond).refillGreedy(perSecond, Duration.ofSeconds(1)))
                .withCustomTimePrecision(clock)
                .build();
    }

    void take(long amount) {
        if (amount > 0) {
            bucket.consumeIgnoringRateLimits(amount);
        }
    }

    /** Nanoseconds until what was taken too much has come in again; 0 if nothing is owed. */
    long owedNanos() {
        long available = bucket.getAvailableTokens();
        return available >= 0 ? 0 : (long) ((double) -available / perSecond * TimeUnit.SECONDS.toNanos(1));
    }
}
