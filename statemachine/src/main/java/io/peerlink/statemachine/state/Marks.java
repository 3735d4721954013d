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

    public void put(Transaction transaction, String conversation, String peer, long upToSequence, long atMs) {
        transaction.put(
                table,
                KeyCodec.numbered(conversation, peer, upToSequence),
                MarkRecord.newBuilder().setAtMs(atMs).build());
    }

    /** Forgets steps that only concern messages below {@code sequence}; the watermark stays. */
    public void forgetBelow(Transaction transaction, String conversation, String peer, long sequence) {
        byte[] prefix = KeyCodec.prefix(conversation, peer);
        long end = Math.min(sequence, watermark(transaction, conversation, peer));
        transaction.scan(table, prefix, KeyCodec.append(prefix, end), row -> {
            transaction.delete(table, row.key());
            return true;
        });
    }
}
