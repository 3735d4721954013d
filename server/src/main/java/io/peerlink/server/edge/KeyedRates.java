package io.peerlink.server.edge;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;

/**
 * So many of something a second for each key (an address, a peer), and ten seconds' worth at once (token buckets). Bounded: a key that
 * was not heard of for a while is forgotten, and of very many the least used ones; a new bucket is a full one. Any thread.
 */
final class KeyedRates<K> {
    private static final int BURST_SECONDS = 10;
    /** More than it takes a bucket to be full again. */
    private static final Duration IDLE_MAX = Duration.ofSeconds(2 * BURST_SECONDS);

    private static final int KEYS_MAX = 20_000;

    private final int perSecond;
    private final TimeMeter clock;
    private final Cache<K, Bucket> byKey = Caffeine.newBuilder()
            .expireAfterAccess(IDLE_MAX)
            .maximumSize(KEYS_MAX)
            // No thread for so little.
            .executor(Runnable::run)
            .build();

    /**
     * @param perSecond 0: no limit
     * @param clock monotonic
     */
    KeyedRates(int perSecond, TimeMeter clock) {
        this.perSecond = perSecond;
        this.clock = clock;
    }

    boolean isUnlimited() {
        return perSecond == 0;
    }

    /** Notes one more for this key; false, and then nothing is noted, if it is too much. */
    boolean take(K key) {
        return isUnlimited() || byKey.get(key, any -> bucket(perSecond, clock)).tryConsume(1);
    }

    /**
     * Takes half a second's worth from this key, also what is not there: it owes then, at most as much as a full bucket holds, and
     * has nothing until that has come in.
     */
    void charge(K key) {
        if (!isUnlimited()) {
            Bucket bucket = byKey.get(key, any -> bucket(perSecond, clock));
            long most = bucket.getAvailableTokens() + (long) BURST_SECONDS * perSecond;
            if (most > 0) {
                bucket.consumeIgnoringRateLimits(Math.min(most, (perSecond + 1) / 2));
            }
        }
    }

    /** Keys that are remembered. */
    long size() {
        byKey.cleanUp();
        return byKey.estimatedSize();
    }

    private static Bucket bucket(int perSecond, TimeMeter clock) {
        return bucket(perSecond, BURST_SECONDS, clock);
    }

    /** So many a second, and so many seconds' worth at once. */
    static Bucket bucket(int perSecond, int burstSeconds, TimeMeter clock) {
        return Bucket.builder()
                .addLimit(limit ->
                        limit.capacity((long) burstSeconds * perSecond).refillGreedy(perSecond, Duration.ofSeconds(1)))
                .withCustomTimePrecision(clock)
                .build();
    }
}
