package io.peerlink.client;

/** A running subscription. It survives reconnects. Thread-safe. */
public interface Subscription extends AutoCloseable {
    /** Highest inbox sequence up to which everything is confirmed by this client. */
    long confirmed();

    /** Deliveries received and not yet handled. */
    int waiting();

    /**
     * Stops delivery: the handler is not called again (a call under way ends normally), what was handled is confirmed, the
     * rest stays with the router for the next subscription. Returns at once; idempotent.
     */
    @Override
    void close();
}
