package io.peerlink.client.inbox;

import io.peerlink.client.Encryption;
import io.peerlink.client.IncomingMessage;
import io.peerlink.client.MessageId;
import io.peerlink.client.OutgoingMessage;
import io.peerlink.client.ReadMark;
import io.peerlink.client.encryption.Opened;
import io.peerlink.protocol.v1.Messages;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A received message as the program sees it. Immutable but for its entry, which the inbox guards. */
final class InboxMessage implements IncomingMessage {
    private final Inbox inbox;
    private final InboxEntry entry;
    private final Messages run;
    private final Opened opened;
    private final boolean redelivered;

    InboxMessage(Inbox inbox, InboxEntry entry, Opened opened) {
        this.inbox = inbox;
        this.entry = entry;
        this.run = entry.messages();
        this.opened = opened;
        this.redelivered = entry.attempts() > 1 || opened.again();
    }

    @Override
    public MessageId id() {
        return new MessageId(run.getConversation(), entry.messageSequence());
    }

    @Override
    public String from() {
        return run.getSender();
    }

    @Override
    public Optional<String> group() {
        return Optional.of(run.getGroup()).filter(name -> !name.isEmpty());
    }

    @Override
    public String conversation() {
        return run.getConversation();
    }

    @Override
    public Instant sentAt() {
        return Instant.ofEpochMilli(run.getSentAtMs());
    }

    @Override
    public byte[] body() {
        return opened.body().toByteArray();
    }

    @Override
    public String text() {
        return opened.text();
    }

    @Override
    public String contentType() {
        return opened.contentType().isEmpty() ? OutgoingMessage.TEXT : opened.contentType();
    }

    @Override
    public Encryption encryption() {
        return opened.encryption();
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
        return inbox.markRead(run.getConversation(), entry.messageSequence(), entry.sequence());
    }

    /** Without the body. */
    @Override
    public String toString() {
        return "IncomingMessage[" + id() + " from " + from() + "]";
    }
}
