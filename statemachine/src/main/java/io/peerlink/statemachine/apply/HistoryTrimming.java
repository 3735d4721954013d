package io.peerlink.statemachine.apply;

import io.peerlink.statemachine.state.Due;
import io.peerlink.statemachine.state.Endings;
import io.peerlink.statemachine.state.Entitlements;
import io.peerlink.statemachine.state.EntryState;
import io.peerlink.statemachine.state.Interval;
import io.peerlink.statemachine.state.Marks;
import io.peerlink.statemachine.state.OpenConversation;
import io.peerlink.statemachine.state.StoredRun;
import io.peerlink.statemachine.state.Tables;
import io.peerlink.statemachine.store.KeyCodec;
import io.peerlink.statemachine.store.Transaction;
import java.util.OptionalLong;

/**
 * Deletes a run once it has been final for every recipient (delivered or ended) for the retention time. A run that is not
 * that far is looked at again a retention time after it became final, or after now.
 */
final class HistoryTrimming {
    private final EntryState state;

    HistoryTrimming(EntryState state) {
        this.state = state;
    }

    /**
     * @param retainedMs what became final at this time or earlier goes
     */
    void trim(Due due, long retainedMs, RowBudget budget) {
        Transaction transaction = state.transaction();
        byte[] key = KeyCodec.numbered(due.name(), due.number());
        var row = transaction.get(Tables.MESSAGES, key);
        if (row == null) {
            throw new IllegalStateException("no messages " + due.name() + "/" + due.number());
        }
        StoredRun run = new StoredRun(row);
        long last = due.number() + run.length() - 1;
        var parts = Entitlements.within(transaction, due.name(), due.number(), last);
        budget.charge(parts.size());
        long finalAtMs = run.sentAtMs();
        for (var part : parts.entrySet()) {
            for (Interval interval : part.getValue()) {
                OptionalLong at = finalAt(due, run, part.getKey(), interval);
                finalAtMs = Math.max(finalAtMs, at.orElse(state.clockMs()));
                if (at.isEmpty()) {
                    // Not before the next look, even with a retention of nothing.
                    finalAtMs = Math.max(finalAtMs, retainedMs + 1);
                }
            }
        }
        if (finalAtMs > retainedMs) {
            state.dueWork().put(new Due(Due.Type.RETENTION, finalAtMs, due.name(), due.number()));
            return;
        }
        transaction.delete(Tables.MESSAGES, key);
        forgetSteps(due.name(), due.number(), last);
    }

    /** When the last message of the interval became final for the peer; empty if one is still owed. */
    private OptionalLong finalAt(Due due, StoredRun run, String peer, Interval interval) {
        Transaction transaction = state.transaction();
        long delivered = Marks.DELIVERED.watermark(transaction, due.name(), peer);
        var endings =
                Endings.within(transaction, due.name(), peer, interval.first(), interval.last(), Integer.MAX_VALUE);
        long finalAtMs = endings.stream().mapToLong(Endings.Ending::atMs).max().orElse(0);
        long lastDelivered = 0;
        for (Interval open : Endings.subtract(interval.first(), interval.last(), endings)) {
            for (long sequence = open.first(); sequence <= open.last(); sequence++) {
                String sender = run.sender((int) (sequence - due.number()));
                if (Entitlements.isOwed(due.name(), sender, peer)) {
                    if (sequence > delivered) {
                        return OptionalLong.empty();
                    }
                    lastDelivered = sequence;
                }
            }
        }
        if (lastDelivered > 0) {
            OptionalLong at = Marks.DELIVERED.passedAt(transaction, due.name(), peer, lastDelivered);
            finalAtMs = Math.max(finalAtMs, at.orElse(0));
        }
        return OptionalLong.of(finalAtMs);
    }

    /** Steps and endings below the oldest message that is left answer no question any more. */
    private void forgetSteps(String conversation, long first, long last) {
        Transaction transaction = state.transaction();
        OpenConversation trimmed = state.messages().of(conversation);
        if (trimmed.firstSequence() != first) {
            // An older run is still there; what lies above it may be the time of its delivery.
            return;
        }
        byte[] prefix = KeyCodec.prefix(conversation);
        var oldest = transaction.ceiling(Tables.MESSAGES, KeyCodec.append(prefix, last + 1), KeyCodec.endOf(prefix));
        long below = oldest == null ? trimmed.lastSequence() + 1 : oldest.lastNumber();
        trimmed.trimmedBelow(below);
        Interval deleted = new Interval(first, below - 1);
        var peers =
                Entitlements.within(transaction, conversation, 1, Interval.OPEN).keySet();
        for (String peer : peers) {
            Marks.DELIVERED.forget(transaction, conversation, peer, deleted);
            Marks.READ.forget(transaction, conversation, peer, deleted);
            Endings.forget(transaction, conversation, peer, deleted);
        }
    }
}
