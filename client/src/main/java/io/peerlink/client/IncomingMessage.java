package io.peerlink.client;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A message for this peer. Thread-safe. */
public interface IncomingMessage {
    /** The message's name. */
    MessageId id();

    /** The sender's name. */
    String from();

    /** The group it was sent to; empty for a direct message. */
    Optional<String> group();

    /** The conversation it belongs to. */
    String conversation();

    /** When it was accepted, by the leader's clock. */
    Instant sentAt();

    /** A copy of the body. */
    byte[] body();

    /** The body as UTF-8 text; malformed parts become U+FFFD. */
    String text();

    /** The content type; {@link OutgoingMessage#TEXT} if the sender gave none. */
    String contentType();

    /** Its place in this peer's inbox; rises, with holes. */
    long inboxSequence();

    /** True if this handler has seen it before: an earlier call of it threw. */
    boolean redelivered();

    /**
     * Confirms this message (in {@link AckMode#MANUAL}; otherwise it does nothing). The sender sees DELIVERED once this
     * and all earlier messages are confirmed. Any order, any thread; again: no effect.
     */
    void ack();

    /** As {@link PeerLinkClient#markRead(MessageId)} for this message. */
    CompletableFuture<ReadMark> markRead();
}
