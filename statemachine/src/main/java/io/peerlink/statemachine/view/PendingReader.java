package io.peerlink.statemachine.view;

import io.peerlink.state.v1.MessageSpan;
import io.peerlink.statemachine.StateView.PendingPage;
import io.peerlink.statemachine.StateView.PendingView;
import io.peerlink.statemachine.state.InboxRows;
import io.peerlink.statemachine.state.Interval;
import io.peerlink.statemachine.state.Tables;
import io.peerlink.statemachine.store.KeyCodec;
import io.peerlink.statemachine.store.ReadSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Counts what is still owed to a peer. Belongs to one call. */
final class PendingReader {
    private final ReadSnapshot rows;
    private final EndedMessages ended;
    private final String peer;
    private final List<PendingView> oldest = new ArrayList<>();
    private long count;

    PendingReader(ReadSnapshot rows, String peer) {
        this.rows = rows;
        this.ended = new EndedMessages(rows, peer);
        this.peer = peer;
    }

    PendingPage read(Optional<String> sender, int oldestMax, int entriesMax) {
        var cursor = rows.get(Tables.CURSORS, KeyCodec.name(peer));
        if (cursor == null) {
            return new PendingPage(0, false, List.of());
        }
        long first = cursor.getConfirmed() + 1;
        long last = Math.min(cursor.getHead(), cursor.getConfirmed() + entriesMax);
        InboxRows.walk(rows, peer, first, last, (at, span) -> {
            MessageSpan messages = span.getMessages();
            if (span.hasMessages() && sender.map(messages.getSender()::equals).orElse(true)) {
                add(messages, oldestMax);
            }
            return true;
        });
        return new PendingPage(count, last < cursor.getHead(), List.copyOf(oldest));
    }

    private void add(MessageSpan span, int oldestMax) {
        long first = span.getFirstSequence();
        for (Interval owed : ended.owed(span.getConversation(), first, first + span.getCount() - 1)) {
            count += owed.last() - owed.first() + 1;
            for (long sequence = owed.first(); sequence <= owed.last() && oldest.size() < oldestMax; sequence++) {
                oldest.add(new PendingView(span.getConversation(), sequence, span.getSender()));
            }
        }
    }
}
