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

    /** Keys that are remembered. */
    long size() {
        byKey.cleanUp();
        return byKey.estimatedSize();
    }

    /** So many a second, and ten seconds' worth at once. */
    static Bucket bucket(int perSecond, TimeMeter clock) {
        return Bucket.builder()
                .addLimit(limit ->
                        limit.capacity((long) BURST_SECONDS * perSecond).refillGreedy(perSecond, Duration.ofSeconds(1)))
                .withCustomTimePrecision(clock)
                .build();
    }
}
