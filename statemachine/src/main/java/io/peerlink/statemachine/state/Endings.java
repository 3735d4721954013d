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
     * Notes that the peer's cursor has passed an ending; from then on it is needed only while the messages are stored.
     *
     * @param oldestSequence oldest message that is still stored
     */
    public static void pass(
            Transaction transaction, String conversation, String peer, Ending ending, long oldestSequence) {
        byte[] key = KeyCodec.numbered(conversation, peer, ending.range().last());
        EndingRecord row = transaction.get(Tables.ENDINGS, key);
        if (row == null) {
            throw new IllegalStateException("no ending of " + peer + " in " + conversation + ": " + ending);
        }
        if (ending.range().last() < oldestSequence) {
            transaction.delete(Tables.ENDINGS, key);
        } else {
            transaction.put(Tables.ENDINGS, key, row.toBuilder().setPassed(true).build());
        }
    }

    /**
     * Forgets ranges that end in {@code deleted}, but not those that the peer's cursor has not passed: its inbox still
     * points to the messages, and only the endings tell that they are not owed.
     */
    public static void forget(Transaction transaction, String conversation, String peer, Interval deleted) {
        byte[] prefix = KeyCodec.prefix(conversation, peer);
        byte[] end = KeyCodec.append(prefix, deleted.last() + 1);
        transaction.scan(Tables.ENDINGS, KeyCodec.append(prefix, deleted.first()), end, row -> {
            if (row.value().getPassed()) {
                transaction.delete(Tables.ENDINGS, row.key());
            }
            return true;
        });
    }

    private static Ending ending(long last, EndingRecord row) {
        return new Ending(new Interval(row.getFirstSequence(), last), row.getKind(), row.getAtMs());
    }
}
