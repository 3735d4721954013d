package io.peerlink.statemachine.store;

import com.google.protobuf.MessageLite;
import org.jspecify.annotations.Nullable;

/**
 * Read access to all tables as of one moment: the entry being applied ({@link Transaction}) or a snapshot
 * ({@link ReadSnapshot}). Not thread-safe.
 */
public interface Rows {
    <V extends MessageLite> @Nullable V get(Table<V> table, byte[] key);

    /** The row with the greatest key in {@code lowest..key}, both included. */
    <V extends MessageLite> @Nullable Row<V> floor(Table<V> table, byte[] lowest, byte[] key);

    /** Visits rows with {@code from <= key < end} in key order until the visitor returns false. It may change the table. */
    <V extends MessageLite> void scan(Table<V> table, byte[] from, byte[] end, Visitor<V> visitor);

    /** The row with the smallest key in {@code from..end}, the end excluded. */
    default <V extends MessageLite> @Nullable Row<V> ceiling(Table<V> table, byte[] from, byte[] end) {
        FirstRow<V> first = new FirstRow<>();
        scan(table, from, end, first);
        return first.row;
    }

    /** Called per row; the return value says whether to go on. */
    @FunctionalInterface
    interface Visitor<V extends MessageLite> {
        boolean visit(Row<V> row);
    }

    /** Keeps the first row of a scan. */
    final class FirstRow<V extends MessageLite> implements Visitor<V> {
        private @Nullable Row<V> row;

        @Override
        public boolean visit(Row<V> found) {
            row = found;
            return false;
        }
    }
}
