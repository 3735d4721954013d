package io.peerlink.client.session;

/**
 * How long a search waits before it looks again: an eighth of the time it has searched already, at least 10 ms, at most
 * 500 ms, one fifth up or down by chance. So it finds a new leader late by no more than a seventh of the outage, and a long
 * outage is not made worse by its clients.
 */
final class Backoff {
    private static final long MIN_NANOS = 10_000_000;
    private static final long MAX_NANOS = 500_000_000;

    private Backoff() {}

    /**
     * @param chance from 0 to 1
     */
    static long delayNanos(long searchedNanos, double chance) {
        long delay = Math.min(MAX_NANOS, Math.max(MIN_NANOS, searchedNanos / 8));
        return (long) (delay * (0.8 + 0.4 * chance));
    }
}
