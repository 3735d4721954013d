package io.peerlink.statemachine.view;

import io.peerlink.statemachine.Conversations;
import io.peerlink.statemachine.StateView.HistoryPage;
import io.peerlink.statemachine.StateView.MessageView;
import io.peerlink.statemachine.state.Entitlements;
import io.peerlink.statemachine.state.Interval;
import io.peerlink.statemachine.state.Tables;
import io.peerlink.statemachine.store.KeyCodec;
import io.peerlink.statemachine.store.ReadSnapshot;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Reads one page of a conversation backwards, inside the viewer's memberships only: who sent a message was a member at its
 * place too. Belongs to one call.
 */
final class HistoryReader {
    private final ReadSnapshot rows;
    private final MessageReader messages;
    private final String conversation;

    HistoryReader(ReadSnapshot rows, MessageReader messages, String conversation) {
        this.rows = rows;
        this.messages = messages;
        this.conversation = conversation;
    }

    Optional<HistoryPage> read(String viewer, long beforeSequence, int messagesMax) {
        List<Interval> intervals = Entitlements.of(rows, conversation, viewer);
        var record = rows.get(Tables.CONVERSATIONS, KeyCodec.name(conversation));
        if (intervals.isEmpty() || (record == null && Conversations.isDirect(conversation))) {
            return Optional.empty();
        }
        long last = record == null ? 0 : record.getLastSequence();
        if (beforeSequence > 0) {
            last = Math.min(last, beforeSequence - 1);
        }
        List<MessageView> newestFirst = new ArrayList<>();
        for (int i = intervals.size() - 1; i >= 0 && newestFirst.size() <= messagesMax; i--) {
            // One more than asked for tells whether there is more.
            collect(intervals.get(i).clip(1, last), messagesMax + 1, newestFirst);
        }
        boolean more = newestFirst.size() > messagesMax;
        List<MessageView> page = new ArrayList<>(newestFirst.subList(0, Math.min(messagesMax, newestFirst.size())));
        Collections.reverse(page);
        return Optional.of(new HistoryPage(List.copyOf(page), more));
    }

    private void collect(Interval interval, int messagesMax, List<MessageView> newestFirst) {
        long sequence = interval.last();
        while (sequence >= interval.first() && newestFirst.size() < messagesMax) {
            var found = messages.floor(conversation, sequence);
            if (found == null) {
                return;
            }
            sequence = Math.min(sequence, found.lastSequence());
            while (sequence >= Math.max(interval.first(), found.first()) && newestFirst.size() < messagesMax) {
                newestFirst.add(found.view(sequence));
                sequence--;
            }
            if (sequence >= found.first()) {
                return;
            }
        }
    }
}
