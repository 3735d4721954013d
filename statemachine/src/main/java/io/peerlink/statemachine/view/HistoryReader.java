package io.peerlink.statemachine.view;

import io.peerlink.statemachine.Conversations;
import io.peerlink.statemachine.StateView;
import io.peerlink.statemachine.StateView.HistoryPage;
import io.peerlink.statemachine.StateView.MessagesView;
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
        Page page = new Page(messagesMax);
        for (int i = intervals.size() - 1; i >= 0 && !page.more; i--) {
            collect(intervals.get(i).clip(1, last), page);
        }
        return Optional.of(page.finish());
    }

    private void collect(Interval interval, Page page) {
        long sequence = interval.last();
        while (sequence >= interval.first()) {
            var found = messages.floor(conversation, sequence);
            if (found == null) {
                return;
            }
            sequence = Math.min(sequence, found.lastSequence());
            while (sequence >= Math.max(interval.first(), found.first())) {
                if (!page.add(found.view(sequence))) {
                    return;
                }
                sequence--;
            }
            if (sequence >= found.first()) {
                return;
            }
        }
    }

    /** Takes messages, newest first, until one is too many: that one tells that there is more. */
    private static final class Page {
        private final int messagesMax;
        private final List<MessagesView> newestFirst = new ArrayList<>();
        private long bodyBytes;
        private boolean more;

        private Page(int messagesMax) {
            this.messagesMax = messagesMax;
        }

        private boolean add(MessagesView message) {
            bodyBytes += message.bodyBytes();
            // However large a message is, a page must get past it.
            boolean tooLarge = bodyBytes > StateView.HISTORY_BODY_BYTES_MAX && !newestFirst.isEmpty();
            more = tooLarge || newestFirst.size() >= messagesMax;
            if (!more) {
                newestFirst.add(message);
            }
            return !more;
        }

        private HistoryPage finish() {
            List<MessagesView> ascending = new ArrayList<>(newestFirst);
            Collections.reverse(ascending);
            return new HistoryPage(List.copyOf(ascending), more);
        }
    }
}
