package io.peerlink.statemachine.apply;

import io.peerlink.log.v1.MarkRead;
import io.peerlink.state.v1.ReceiptKind;
import io.peerlink.statemachine.Conversations;
import io.peerlink.statemachine.Outcome.RequestResult;
import io.peerlink.statemachine.Rejection;
import io.peerlink.statemachine.state.Endings;
import io.peerlink.statemachine.state.Entitlements;
import io.peerlink.statemachine.state.EntryState;
import io.peerlink.statemachine.state.Interval;
import io.peerlink.statemachine.state.Marks;
import io.peerlink.statemachine.state.Messages;
import io.peerlink.statemachine.state.StoredRun;
import io.peerlink.statemachine.store.Transaction;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Moves a reader's read mark and tells the senders of what it passed. */
final class MarkReadApplier {
    private final EntryState state;

    MarkReadApplier(EntryState state) {
        this.state = state;
    }

    RequestResult apply(String reader, MarkRead request) {
        Transaction transaction = state.transaction();
        String conversation = request.getConversation();
        List<Interval> intervals = Entitlements.of(transaction, conversation, reader);
        boolean unused = Conversations.isDirect(conversation)
                && state.messages().of(conversation).lastSequence() == 0;
        if (intervals.isEmpty() || unused) {
            return new RequestResult.Refused(Rejection.UNKNOWN_CONVERSATION);
        }
        long delivered = Marks.DELIVERED.watermark(transaction, conversation, reader);
        long upTo = request.getUpToSequence() == 0 ? delivered : request.getUpToSequence();
        if (Long.compareUnsigned(upTo, delivered) > 0) {
            return new RequestResult.Refused(Rejection.NOT_DELIVERED);
        }
        long before = Marks.READ.watermark(transaction, conversation, reader);
        if (upTo > before) {
            state.messages().sealed(conversation);
            // A receipt per membership, so that no range spans messages from between two of them.
            for (Interval interval : intervals) {
                tellSenders(conversation, reader, interval.clip(before + 1, upTo));
            }
            long oldest = state.messages().of(conversation).firstSequence();
            Marks.READ.raise(transaction, conversation, reader, new Marks.Step(upTo, state.clockMs()), oldest);
        }
        return new RequestResult.Done(conversation, state.clockMs());
    }

    private void tellSenders(String conversation, String reader, Interval passed) {
        if (passed.isEmpty()) {
            return;
        }
        Transaction transaction = state.transaction();
        var endings =
                Endings.within(transaction, conversation, reader, passed.first(), passed.last(), Integer.MAX_VALUE);
        Map<String, Interval> senders = new TreeMap<>();
        for (Interval range : Endings.subtract(passed.first(), passed.last(), endings)) {
            Messages.walk(transaction, conversation, range.first(), range.last(), (first, row) -> {
                StoredRun run = new StoredRun(row);
                Interval part = range.clip(first, first + run.length() - 1);
                for (long sequence = part.first(); sequence <= part.last(); sequence++) {
                    String sender = run.sender((int) (sequence - first));
                    if (Entitlements.isOwed(conversation, sender, reader)) {
                        senders.merge(
                                sender,
                                new Interval(sequence, sequence),
                                (from, to) -> new Interval(from.first(), to.last()));
                    }
                }
                return true;
            });
        }
        senders.forEach((sender, range) -> state.inboxes()
                .of(sender)
                .appendReceipt(PassedMessages.receipt(state, ReceiptKind.READ, reader, conversation, range)));
    }
}
