package io.peerlink.client.inbox;

import io.peerlink.client.MessageId;
import io.peerlink.client.Receipt;
import io.peerlink.client.encryption.Opened;
import io.peerlink.client.encryption.Opener;
import io.peerlink.protocol.v1.Delivery;
import io.peerlink.protocol.v1.Messages;
import java.time.Instant;
import java.util.Optional;

/** One message or receipt on its way through the inbox. Mutable fields are guarded by the inbox. */
final class InboxEntry {
    private final Delivery delivery;
    /** Among the messages of the delivery, from 0. */
    private final int place;

    /** The cursor once this entry and all before it are confirmed: past what needs no delivery behind it. */
    private long confirmTo;

    private boolean confirmed;
    private int attempts;

    InboxEntry(Delivery delivery, int place) {
        this.delivery = delivery;
        this.place = place;
        this.confirmTo = sequence();
    }

    /** How many entries a delivery makes: its messages, or one. */
    static int length(Delivery delivery) {
        return delivery.hasMessages() ? delivery.getMessages().getBodiesCount() : 1;
    }

    /** Whether a delivery can be shown: every message in it has an id. */
    static boolean isWellFormed(Delivery delivery) {
        Messages messages = delivery.getMessages();
        if (!delivery.hasMessages()) {
            return true;
        }
        return MessageId.isLegal(messages.getConversation(), messages.getFirstSequence())
                && MessageId.isLegal(
                        messages.getConversation(), messages.getFirstSequence() + messages.getBodiesCount());
    }

    boolean isMessage() {
        return delivery.hasMessages();
    }

    /** What the message shares with its neighbours. */
    Messages messages() {
        return delivery.getMessages();
    }

    /** The message's place in its conversation. */
    long messageSequence() {
        return messages().getFirstSequence() + place;
    }

    Opened opened(Opener opener) {
        return opener.open(messages(), place, Opener.Source.DELIVERY);
    }

    /** The inbox sequence. */
    final long sequence() {
        return delivery.getInboxSequence() + place;
    }

    long confirmTo() {
        return confirmTo;
    }

    void coverUpTo(long inboxSequence) {
        confirmTo = Math.max(confirmTo, inboxSequence);
    }

    boolean confirmed() {
        return confirmed;
    }

    void confirm() {
        confirmed = true;
    }

    int attempts() {
        return attempts;
    }

    void countAttempt() {
        attempts++;
    }

    /** The receipt it is; empty for one of a kind that a newer router invented. */
    Optional<Receipt> receipt() {
        var receipt = delivery.getReceipt();
        Receipt.Kind kind = switch (receipt.getKind()) {
            case DELIVERED -> Receipt.Kind.DELIVERED;
            case READ -> Receipt.Kind.READ;
            case LEFT -> Receipt.Kind.LEFT;
            case EXPIRED -> Receipt.Kind.EXPIRED;
            case RECEIPT_KIND_UNSPECIFIED, UNRECOGNIZED -> null;
        };
        return Optional.ofNullable(kind)
                .map(known -> new Receipt(
                        known,
                        receipt.getPeer(),
                        receipt.getConversation(),
                        receipt.getFromSequence(),
                        receipt.getUpToSequence(),
                        Instant.ofEpochMilli(receipt.getAtMs())));
    }
}
