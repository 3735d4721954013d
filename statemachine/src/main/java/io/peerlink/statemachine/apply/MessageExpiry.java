package io.peerlink.statemachine.apply;

import io.peerlink.state.v1.ReceiptKind;
import io.peerlink.statemachine.state.Due;
import io.peerlink.statemachine.state.Endings;
import io.peerlink.statemachine.state.Entitlements;
import io.peerlink.statemachine.state.EntryState;
import io.peerlink.statemachine.state.Interval;
import io.peerlink.statemachine.state.Marks;
import io.peerlink.statemachine.state.StoredRun;
import io.peerlink.statemachine.state.Tables;
import io.peerlink.statemachine.store.KeyCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Ends messages of one run that have waited longer than their time to live, for every recipient that still lacks them. */
final class MessageExpiry {
    private final EntryState state;

    MessageExpiry(EntryState state) {
        this.state = state;
    }

    void expire(Due due, RowBudget budget) {
        var row = state.transaction().get(Tables.MESSAGES, KeyCodec.numbered(due.name(), due.number()));
        if (row == null) {
            // Trimmed: everybody had it.
            return;
        }
        StoredRun run = new StoredRun(row);
        long last = due.number() + run.length() - 1;
        var parts = Entitlements.within(state.transaction(), due.name(), due.number(), last);
        budget.charge(parts.size());
        parts.forEach((peer, intervals) -> {
            long delivered = Marks.DELIVERED.watermark(state.transaction(), due.name(), peer);
            for (Interval interval : intervals) {
                Interval lacked = interval.clip(delivered + 1, Interval.OPEN);
                if (!lacked.isEmpty()) {
                    expire(due, run, peer, lacked);
                }
            }
        });
    }

    private void expire(Due due, StoredRun run, String peer, Interval lacked) {
        String conversation = due.name();
        var endings = Endings.within(
                state.transaction(), conversation, peer, lacked.first(), lacked.last(), Integer.MAX_VALUE);
        List<Interval> ended = new ArrayList<>();
        // Per sender, so that a receipt's range never spans another message of the sender that goes on waiting.
        Map<String, List<Interval>> told = new TreeMap<>();
        Map<String, Boolean> unbroken = new TreeMap<>();
        for (long sequence = lacked.first(); sequence <= lacked.last(); sequence++) {
            int place = (int) (sequence - due.number());
            String sender = run.sender(place);
            if (!Entitlements.isOwed(conversation, sender, peer)) {
                continue;
            }
            boolean expires = run.expiresAtMs(place) == due.timeMs() && isOpen(endings, sequence);
            if (expires) {
                extend(
                        ended,
                        sequence,
                        !ended.isEmpty() && ended.get(ended.size() - 1).last() == sequence - 1);
                List<Interval> ranges = told.computeIfAbsent(sender, any -> new ArrayList<>());
                extend(ranges, sequence, unbroken.getOrDefault(sender, false));
            }
            unbroken.put(sender, expires);
        }
        for (Interval range : ended) {
            Endings.put(state.transaction(), conversation, peer, range, ReceiptKind.EXPIRED, state.clockMs());
        }
        told.forEach((sender, ranges) -> ranges.forEach(range -> state.inboxes()
                .of(sender)
                .appendReceipt(PassedMessages.receipt(state, ReceiptKind.EXPIRED, peer, conversation, range))));
    }

    private static boolean isOpen(List<Endings.Ending> endings, long sequence) {
        return endings.stream().noneMatch(ending -> ending.range().contains(sequence));
    }

    private static void extend(List<Interval> ranges, long sequence, boolean continues) {
        if (continues) {
            Interval before = ranges.remove(ranges.size() - 1);
            ranges.add(new Interval(before.first(), sequence));
        } else {
            ranges.add(new Interval(sequence, sequence));
        }
    }
}
