package io.peerlink.statemachine.view;

import io.peerlink.state.v1.ReceiptKind;
import io.peerlink.statemachine.StateView.MessageStatus;
import io.peerlink.statemachine.StateView.RecipientState;
import io.peerlink.statemachine.StateView.RecipientView;
import io.peerlink.statemachine.state.Endings;
import io.peerlink.statemachine.state.Entitlements;
import io.peerlink.statemachine.state.Marks;
import io.peerlink.statemachine.store.ReadSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Tells what became of one message for each of its recipients. Belongs to one call. */
final class StatusReader {
    private static final int PORTION = 256;

    private final ReadSnapshot rows;
    private final MessageReader messages;
    private final String conversation;
    private final long sequence;

    StatusReader(ReadSnapshot rows, MessageReader messages, String conversation, long sequence) {
        this.rows = rows;
        this.messages = messages;
        this.conversation = conversation;
        this.sequence = sequence;
    }

    Optional<MessageStatus> read(String viewer, boolean lackingOnly, String afterPeer, int recipientsMax) {
        var found = sequence <= 0 ? null : messages.find(conversation, sequence);
        if (found == null) {
            return Optional.empty();
        }
        String sender = found.sender(sequence);
        if (!viewer.equals(sender) && !Entitlements.isRecipient(rows, conversation, sequence, sender, viewer)) {
            return Optional.empty();
        }
        long sentAtMs = found.run().sentAtMs();
        List<RecipientView> recipients = new ArrayList<>();
        String after = afterPeer;
        List<String> portion;
        do {
            portion = Entitlements.recipients(rows, conversation, sequence, sender, after, PORTION);
            for (String peer : portion) {
                RecipientView recipient = recipient(peer, sentAtMs);
                if (!lackingOnly || recipient.state() == RecipientState.SENT) {
                    recipients.add(recipient);
                }
                after = peer;
            }
        } while (portion.size() == PORTION && recipients.size() <= recipientsMax);
        return Optional.of(new MessageStatus(
                sender,
                found.run().position(),
                sentAtMs,
                found.expiresAtMs(sequence),
                recipients.stream().limit(recipientsMax).toList(),
                recipients.size() > recipientsMax));
    }

    private RecipientView recipient(String peer, long sentAtMs) {
        var ending = Endings.covering(rows, conversation, peer, sequence);
        if (ending != null) {
            return new RecipientView(peer, state(ending.kind()), ending.atMs(), 0);
        }
        long deliveredAtMs =
                Marks.DELIVERED.passedAt(rows, conversation, peer, sequence).orElse(0);
        OptionalLong readAt = Marks.READ.passedAt(rows, conversation, peer, sequence);
        if (readAt.isPresent()) {
            return new RecipientView(peer, RecipientState.READ, readAt.getAsLong(), deliveredAtMs);
        }
        return deliveredAtMs > 0
                ? new RecipientView(peer, RecipientState.DELIVERED, deliveredAtMs, deliveredAtMs)
                : new RecipientView(peer, RecipientState.SENT, sentAtMs, 0);
    }

    static RecipientState state(ReceiptKind kind) {
        return switch (kind) {
            case DELIVERED -> RecipientState.DELIVERED;
            case READ -> RecipientState.READ;
            case LEFT -> RecipientState.LEFT;
            case EXPIRED -> RecipientState.EXPIRED;
            case RECEIPT_KIND_UNSPECIFIED, UNRECOGNIZED -> throw new IllegalStateException("stored kind " + kind);
        };
    }
}
