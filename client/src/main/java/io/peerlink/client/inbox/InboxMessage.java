package io.peerlink.client.inbox;

import io.peerlink.client.IncomingMessage;
import io.peerlink.client.MessageId;
import io.peerlink.client.OutgoingMessage;
import io.peerlink.client.ReadMark;
import io.peerlink.protocol.v1.Message;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A received message as the program sees it. Immutable but for its entry, which the inbox guards. */
final class InboxMessage implements IncomingMessage {
    private final Inbox inbox;
    private final InboxEntry entry;
    private final Message message;
    private final boolean redelivered;

    InboxMessage(Inbox inbox, InboxEntry entry) {
        this.inbox = inbox;
        this.entry = entry;
        this.message = entry.delivery().getMessage();
        this.redelivered = entry.attempts() > 1;
    }

    @Override
    public MessageId id() {
        return new MessageId(message.getConversation(), message.getSequence());
    }

    @Override
    public String from() {
        return message.getSender();
    }

    @Override
    public Optional<String> group() {
        return Optional.of(message.getGroup()).filter(name -> !name.isEmpty());
    }

    @Override
    public String conversation() {
        return message.getConversation();
    }

    @Override
    public Instant sentAt() {
        return Instant.ofEpochMilli(message.getSentAtMs());
    }

    @Override
    public byte[] body() {
        return message.getBody().toByteArray();
    }

    @Override
    public String text() {
        return message.getBody().toStringUtf8();
    }

    @Override
    public String contentType() {
        return message.getContentType().isEmpty() ? OutgoingMessage.TEXT : message.getContentType();
    }

    @Override
    public long inboxSequence() {
        return entry.sequence();
    }

    @Override
    public boolean redelivered() {
        return redelivered;
    }

    @Override
    public void ack() {
        inbox.ackByProgram(entry);
    }

    @Override
    public CompletableFuture<ReadMark> markRead() {
        return inbox.markRead(message.getConversation(), message.getSequence(), entry.sequence());
    }

    /** Without the body. */
    @Override
    public String toString() {
        return "IncomingMessage[" + id() + " from " + from() + "]";
    }
}
