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

    /** A copy of the body; of a sealed message that cannot be read, the bytes as they came. */
    byte[] body();

    /** The body as UTF-8 text, in which malformed parts become U+FFFD; empty if it is sealed and cannot be read. */
    String text();

    /** The content type; {@link OutgoingMessage#TEXT} if the sender gave none. */
    String contentType();

    /** Whether it was sealed for this peer, and if it cannot be read why not. Such a message is confirmed as any other. */
    Encryption encryption();

    /** Its place in this peer's inbox; rises, with holes. */
    long inboxSequence();

    /**
     * True if it is known that it was here before: an earlier call of the handler threw; or it is sealed, and this peer opened a
     * delivery of it on this machine before, in this process or another. Usual after a crash or a lost connection, and with several
     * sessions of one peer; but a router can do it, too. False does not tell that a plain message is new.
     */
    boolean redelivered();

    /**
     * Confirms this message (in {@link AckMode#MANUAL}; otherwise it does nothing). The sender sees DELIVERED once this
     * and all earlier messages are confirmed. Any order, any thread; again: no effect.
     */
    void ack();

    /** As {@link PeerLinkClient#markRead(MessageId)} for this message. */
    CompletableFuture<ReadMark> markRead();
}
