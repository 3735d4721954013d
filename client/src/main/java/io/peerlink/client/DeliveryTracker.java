package io.peerlink.client;

import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/**
 * What this client object has heard about one sent message. It knows receipts that arrived while this client was
 * subscribed (of older ones only the most recent few); for the full truth ask {@link PeerLinkClient#status}.
 * Thread-safe. Callbacks run on the callback executor.
 */
public interface DeliveryTracker {
    /** The message. */
    MessageId id();

    /** The latest state by peer; a peer nothing was heard of is absent. A snapshot. */
    Map<String, Receipt.Kind> states();

    /**
     * When {@code peer} confirmed the message. Fails with RECIPIENT_LEFT or MESSAGE_EXPIRED if it never will, and with
     * CLIENT_CLOSED at close.
     */
    CompletableFuture<Instant> delivered(String peer);

    /** When {@code peer} marked it read; fails like {@link #delivered}. */
    CompletableFuture<Instant> read(String peer);

    /** Calls {@code listener} with (peer, new state) for every change from now on. */
    void onChange(BiConsumer<String, Receipt.Kind> listener);
}
