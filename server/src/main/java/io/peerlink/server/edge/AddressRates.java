package io.peerlink.server.edge;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.net.InetAddress;
import java.time.Duration;

/**
 * So many of something a second from each network address, and ten seconds' worth at once (token buckets). Bounded: an address that
 * was not heard of for a while is forgotten, and of very many the least used ones; a new bucket is a full one. Any thread.
 */
final class AddressRates {
    private static final int BURST_SECONDS = 10;
    /** More than it takes a bucket to be full again. */
    private static final Duration IDLE_MAX = Duration.ofSeconds(2 * BURST_SECONDS);

    private static final int ADDRESSES_MAX = 20_000;

    private final int perSecond;
    private final TimeMeter clock;
    private final Cache<InetAddress, Bucket> byAddress = Caffeine.newBuilder()
            .expireAfterAccess(IDLE_MAX)
            .maximumSize(ADDRESSES_MAX)
            // No thread for so little.
            .executor(Runnable::run)
            .build();

    /**
     * @param perSecond 0: no limit
     * @param clock monotonic
     */
    AddressRates(int perSecond, TimeMeter clock) {
        this.perSecond = perSecond;
        this.clock = clock;
    }

    boolean isUnlimited() {
        return perSecond == 0;
    }

    /** Notes one more from this address; false, and then nothing is noted, if it is too much. */
    boolean take(InetAddress address) {
        return isUnlimited()
                || byAddress.get(address, any -> bucket(perSecond, clock)).tryConsume(1);
    }

    /** Addresses that are remembered. */
    long size() {
        byAddress.cleanUp();
        return byAddress.estimatedSize();
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
