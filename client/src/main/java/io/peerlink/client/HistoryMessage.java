package io.peerlink.client;

import io.peerlink.protocol.v1.Message;
import java.time.Instant;
import java.util.Optional;

/** A message read from a conversation's history. Immutable. */
public final class HistoryMessage {
    private final Message message;

    HistoryMessage(Message message) {
        this.message = message;
    }

    /** The message's name. */
    public MessageId id() {
        return new MessageId(message.getConversation(), message.getSequence());
    }

    /** The sender's name. */
    public String from() {
        return message.getSender();
    }

    /** The group it was sent to; empty for a direct message. */
    public Optional<String> group() {
        return Optional.of(message.getGroup()).filter(name -> !name.isEmpty());
    }

    /** When it was accepted. */
    public Instant sentAt() {
        return Instant.ofEpochMilli(message.getSentAtMs());
    }

    /** A copy of the body. */
    public byte[] body() {
        return message.getBody().toByteArray();
    }

    /** The body as UTF-8 text. */
    public String text() {
        return message.getBody().toStringUtf8();
    }

    /** The content type; {@link OutgoingMessage#TEXT} if the sender gave none. */
    public String contentType() {
        return message.getContentType().isEmpty() ? OutgoingMessage.TEXT : message.getContentType();
    }

    @Override
    public String toString() {
        return "HistoryMessage[" + id() + " from " + from() + "]";
    }
}
