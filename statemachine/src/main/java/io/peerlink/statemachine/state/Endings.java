package io.peerlink.statemachine.state;

import io.peerlink.state.v1.EndingRecord;
import io.peerlink.state.v1.ReceiptKind;
import io.peerlink.statemachine.store.KeyCodec;
import io.peerlink.statemachine.store.Rows;
import io.peerlink.statemachine.store.Transaction;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Messages that are no longer owed to a recipient although it never confirmed them: it left the group, or they expired.
 * Ranges of one (conversation, peer) never overlap. Stateless.
 */
public final class Endings {
    private Endings() {}

    /** One stored range. */
    public record Ending(Interval range, ReceiptKind kind, long atMs) {}

    /** The ending that concerns this message, or null. */
    public static @Nullable Ending covering(Rows rows, String conversation, String peer, long sequence) {
        byte[] prefix = KeyCodec.prefix(conversation, peer);
        var row = rows.ceiling(Tables.ENDINGS, KeyCodec.append(prefix, sequence), KeyCodec.endOf(prefix));
        if (row == null || row.value().getFirstSequence() > sequence) {
            return null;
        }
        return ending(row.lastNumber(), row.value());
    }

    /** Endings that meet {@code first..last}, ascending, at most {@code endingsMax}. */
    public static List<Ending> within(
            Rows rows, String conversation, String peer, long first, long last, int endingsMax) {
        List<Ending> endings = new ArrayList<>();
        byte[] prefix = KeyCodec.prefix(conversation, peer);
        rows.scan(Tables.ENDINGS, KeyCodec.append(prefix, first), KeyCodec.endOf(prefix), row -> {
            if (row.value().getFirstSequence() > last) {
                return false;
            }
            endings.add(ending(row.lastNumber(), row.value()));
            return row.lastNumber() < last && endings.size() < endingsMax;
        });
        return List.copyOf(endings);
    }

    /** What is left of {@code first..last} without the endings, ascending. */
    public static List<Interval> subtract(long first, long last, List<Ending> endings) {
        List<Interval> left = new ArrayList<>();
        long from = first;
        for (Ending ending : endings) {
            if (ending.range().last() < from) {
                continue;
            }
            if (ending.range().first() > last) {
                break;
            }
            if (ending.range().first() > from) {
                left.add(new Interval(from, ending.range().first() - 1));
            }
            from = ending.range().last() + 1;
        }
        if (from <= last) {
            left.add(new Interval(from, last));
        }
        return List.copyOf(left);
    }

    public static void put(
            Transaction transaction, String conversation, String peer, Interval range, ReceiptKind kind, long atMs) {
        transaction.put(
                Tables.ENDINGS,
                KeyCodec.numbered(conversation, peer, range.last()),
                EndingRecord.newBuilder()
                        .setFirstSequence(range.first())
                        .setKind(kind)
                        .setAtMs(atMs)
                        .build());
    }

    /**
     * Forgets ranges that only concern messages below {@code sequence} and below the delivered watermark: above it the
     * peer's inbox may still point to messages that ended, and only their endings tell that they are not owed.
     */
    public static void forgetBelow(Transaction transaction, String conversation, String peer, long sequence) {
        byte[] prefix = KeyCodec.prefix(conversation, peer);
        long end = Math.min(sequence, Marks.DELIVERED.watermark(transaction, conversation, peer));
        transaction.scan(Tables.ENDINGS, prefix, KeyCodec.append(prefix, end), row -> {
            transaction.delete(Tables.ENDINGS, row.key());
            return true;
        });
    }

    private static Ending ending(long last, EndingRecord row) {
        return new Ending(new Interval(row.getFirstSequence(), last), row.getKind(), row.getAtMs());
    }
}
