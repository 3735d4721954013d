package io.peerlink.server.edge;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.TimeMeter;
import io.peerlink.server.config.ServerConfig.Limits;
import java.time.Duration;
import java.util.Optional;

/**
 * Each peer's {@link SendAllowance}. It outlives sessions for a while, so that to attach again gives no new one. Bounded: a peer's
 * is dropped a minute after it last asked for anything. Any thread.
 */
public final class SendAllowances {
    private static final Duration IDLE_MAX = Duration.ofMinutes(1);

    private final Limits limits;
    private final TimeMeter clock;
    private final Cache<String, SendAllowance> byPeer;

    public SendAllowances(Limits limits) {
        this(limits, TimeMeter.SYSTEM_NANOTIME);
    }

    /**
     * @param clock monotonic
     */
    SendAllowances(Limits limits, TimeMeter clock) {
        this.limits = limits;
        this.clock = clock;
        this.byPeer = Caffeine.newBuilder()
                .expireAfterAccess(IDLE_MAX)
                // No thread for so little.
                .executor(Runnable::run)
                .maximumSize(2L * limits.sessions())
                .build();
    }

    SendAllowance of(String peer) {
        return limits.sendsPerSecond() == 0 && limits.deliveriesPerSecond() == 0
                ? SendAllowance.UNLIMITED
                : byPeer.get(
                        peer,
                        any -> new SendAllowance(
                                budget(limits.sendsPerSecond()),
                                budget(limits.deliveriesPerSecond()),
                                budget(limits.sendsPerSecond())));
    }

    private Optional<RateBudget> budget(int perSecond) {
        return perSecond == 0 ? Optional.empty() : Optional.of(new RateBudget(perSecond, clock));
    }
}
