package io.peerlink.statemachine.state;

import io.peerlink.state.v1.MarkRecord;
import io.peerlink.statemachine.store.KeyCodec;
import io.peerlink.statemachine.store.Rows;
import io.peerlink.statemachine.store.Table;
import io.peerlink.statemachine.store.Transaction;
import java.util.OptionalLong;

/**
 * How far a peer has got in a conversation, step by step: a row per step, so that every message keeps the time of the step
 * that passed over it. The greatest row is the watermark and is never deleted. Immutable.
 *
 * @param table delivered or read marks
 */
public record Marks(Table<MarkRecord> table) {
    public static final Marks DELIVERED = new Marks(Tables.DELIVERED_MARKS);
    public static final Marks READ = new Marks(Tables.READ_MARKS);

    /** The highest sequence passed; 0 for none. */
    public long watermark(Rows rows, String conversation, String peer) {
        byte[] prefix = KeyCodec.prefix(conversation, peer);
        var row = rows.floor(table, prefix, KeyCodec.append(prefix, Long.MAX_VALUE));
        return row == null ? 0 : row.lastNumber();
    }

    /** When the message was passed over, if it was. */
    public OptionalLong passedAt(Rows rows, String conversation, String peer, long sequence) {
        byte[] prefix = KeyCodec.prefix(conversation, peer);
        var row = rows.ceiling(table, KeyCodec.append(prefix, sequence), KeyCodec.endOf(prefix));
        return row == null ? OptionalLong.empty() : OptionalLong.of(row.value().getAtMs());
    }

    /** A new watermark and when it was reached. */
    public record Step(long upToSequence, long atMs) {}

    /**
     * Raises the watermark.
     *
     * @param oldestSequence oldest message that is still stored: a former watermark below it is of no more use
     */
    public void raise(Transaction transaction, String conversation, String peer, Step step, long oldestSequence) {
        if (oldestSequence > 1) {
            long before = watermark(transaction, conversation, peer);
            if (before > 0 && before < oldestSequence) {
                transaction.delete(table, KeyCodec.numbered(conversation, peer, before));
            }
        }
        transaction.put(
                table,
                KeyCodec.numbered(conversation, peer, step.upToSequence()),
                MarkRecord.newBuilder().setAtMs(step.atMs()).build());
    }

    /** Forgets the steps that end in {@code deleted}, unless the watermark is among them. */
    public void forget(Transaction transaction, String conversation, String peer, Interval deleted) {
        byte[] prefix = KeyCodec.prefix(conversation, peer);
        byte[] from = KeyCodec.append(prefix, deleted.first());
        long end = Math.min(deleted.last() + 1, watermark(transaction, conversation, peer));
        transaction.scan(table, from, KeyCodec.append(prefix, end), row -> {
            transaction.delete(table, row.key());
            return true;
        });
    }
}
