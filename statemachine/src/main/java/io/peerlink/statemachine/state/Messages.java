package io.peerlink.statemachine.state;

import io.peerlink.state.v1.ConversationRecord;
import io.peerlink.state.v1.MessageRun;
import io.peerlink.statemachine.LogPosition;
import io.peerlink.statemachine.store.KeyCodec;
import io.peerlink.statemachine.store.Rows;
import io.peerlink.statemachine.store.Transaction;
import java.util.TreeMap;

/** The conversations that the entry being applied touches, and reading of message rows. Apply thread only, statics apart. */
public final class Messages {
    private final Transaction transaction;
    private final LogPosition position;
    private final long clockMs;
    private final DueWork dueWork;
    private final TreeMap<String, OpenConversation> open = new TreeMap<>();

    /**
     * @param position noted with each message; {@code NONE}: none is
     */
    Messages(Transaction transaction, LogPosition position, long clockMs, DueWork dueWork) {
        this.transaction = transaction;
        this.position = position;
        this.clockMs = clockMs;
        this.dueWork = dueWork;
    }

    /** Called per row with the sequence of its first message; the return value says whether to go on. */
    @FunctionalInterface
    public interface RowVisitor {
        boolean visit(long first, MessageRun row);
    }

    public OpenConversation of(String conversation) {
        OpenConversation known = open.get(conversation);
        if (known == null) {
            var stored = transaction.get(Tables.CONVERSATIONS, KeyCodec.name(conversation));
            known = new OpenConversation(
                    conversation, position, clockMs, stored == null ? ConversationRecord.getDefaultInstance() : stored);
            open.put(conversation, known);
        }
        return known;
    }

    /** The conversation with everything appended so far readable as rows. */
    public OpenConversation sealed(String conversation) {
        OpenConversation known = of(conversation);
        known.seal(transaction, dueWork);
        return known;
    }

    /** Makes rows of all messages appended so far. */
    public void seal() {
        open.values().forEach(conversation -> conversation.seal(transaction, dueWork));
    }

    void store() {
        open.values().forEach(conversation -> conversation.store(transaction, dueWork));
    }

    /** Visits the rows that hold {@code first..last}, as far as they still exist. */
    public static void walk(Rows rows, String conversation, long first, long last, RowVisitor visitor) {
        if (first > last) {
            return;
        }
        byte[] prefix = KeyCodec.prefix(conversation);
        byte[] from = KeyCodec.append(prefix, first);
        var start = rows.floor(Tables.MESSAGES, prefix, from);
        rows.scan(Tables.MESSAGES, start == null ? from : start.key(), KeyCodec.endOf(prefix), row -> {
            long rowFirst = row.lastNumber();
            long rowLast = rowFirst + StoredRun.length(row.value()) - 1;
            if (rowFirst > last || (rowLast >= first && !visitor.visit(rowFirst, row.value()))) {
                return false;
            }
            return rowLast < last;
        });
    }
}
