package io.peerlink.statemachine.apply;

import io.peerlink.log.v1.AdvanceCursor;
import io.peerlink.state.v1.ReceiptKind;
import io.peerlink.statemachine.Outcome;
import io.peerlink.statemachine.Rejection;
import io.peerlink.statemachine.state.EntryState;
import io.peerlink.statemachine.state.OpenInbox;

/** Confirms a part of an inbox: its messages are delivered, their senders are told, the rows go. */
final class AdvanceCursorApplier {
    private final EntryState state;

    AdvanceCursorApplier(EntryState state) {
        this.state = state;
    }

    Outcome apply(AdvanceCursor command) {
        String peer = command.getPeer();
        OpenInbox inbox = state.inboxes().find(peer);
        if (inbox == null) {
            return new Outcome.Refused(Rejection.NOT_REGISTERED);
        }
        long wanted = command.getInboxSequence();
        if (Long.compareUnsigned(wanted, inbox.head()) > 0) {
            return new Outcome.Refused(Rejection.CURSOR_BEYOND_HEAD);
        }
        if (wanted <= inbox.confirmed()) {
            return new Outcome.CursorAdvanced(inbox.confirmed());
        }
        state.inboxes().seal(inbox);
        PassedMessages passed = new PassedMessages(state.transaction(), peer);
        inbox.confirm(state.transaction(), wanted, span -> {
            // Receipts need no receipt.
            if (span.hasMessages()) {
                passed.add(span.getMessages());
            }
        });
        passed.withoutEnded();
        passed.passEndings(state);
        passed.markDelivered(state);
        passed.tellSenders(state, ReceiptKind.DELIVERED);
        return new Outcome.CursorAdvanced(wanted);
    }
}
