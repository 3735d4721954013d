package io.peerlink.statemachine.store;

import com.google.protobuf.MessageLite;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksIterator;
import org.rocksdb.Snapshot;

/**
 * The tables as of one applied entry. For the thread that opened it, which must close it soon: it keeps the database open
 * and old versions of rows alive.
 */
public final class ReadSnapshot implements Rows, AutoCloseable {
    private final RocksStore store;
    private final Snapshot snapshot;
    private final ReadOptions options;
    private final IteratorPool iterators;

    ReadSnapshot(RocksStore store, Snapshot snapshot) {
        this.store = store;
        this.snapshot = snapshot;
        this.options = new ReadOptions().setSnapshot(snapshot);
        this.iterators = new IteratorPool(store, options);
    }

    @Override
    public <V extends MessageLite> @Nullable V get(Table<V> table, byte[] key) {
        byte[] stored = store.get(table.family(), options, key);
        return stored == null ? null : table.decode(stored);
    }

    @Override
    public <V extends MessageLite> @Nullable Row<V> floor(Table<V> table, byte[] lowest, byte[] key) {
        RocksIterator iterator = iterators.take(table.family());
        try {
            iterator.seekForPrev(key);
            if (!IteratorPool.isValid(iterator)) {
                return null;
            }
            byte[] found = iterator.key();
            return Arrays.compareUnsigned(found, lowest) < 0 ? null : new Row<>(found, table.decode(iterator.value()));
        } finally {
            iterators.giveBack(table.family(), iterator);
        }
    }

    /** The key that {@link #floor} would find, without reading the value. */
    public byte @Nullable [] floorKey(ColumnFamily family, byte[] lowest, byte[] key) {
        RocksIterator iterator = iterators.take(family);
        try {
            iterator.seekForPrev(key);
            byte[] found = IteratorPool.isValid(iterator) ? iterator.key() : null;
            return found == null || Arrays.compareUnsigned(found, lowest) < 0 ? null : found;
        } finally {
            iterators.giveBack(family, iterator);
        }
    }

    @Override
    public <V extends MessageLite> void scan(Table<V> table, byte[] from, byte[] end, Visitor<V> visitor) {
        scanRaw(
                table.family(),
                from,
                (key, stored) ->
                        Arrays.compareUnsigned(key, end) < 0 && visitor.visit(new Row<>(key, table.decode(stored))));
    }

    /** Visits the stored bytes of a table from a key on until the visitor returns false. */
    public void scanRaw(ColumnFamily family, byte[] from, RawVisitor visitor) {
        RocksIterator iterator = iterators.take(family);
        try {
            iterator.seek(from);
            while (IteratorPool.isValid(iterator) && visitor.visit(iterator.key(), iterator.value())) {
                iterator.next();
            }
        } finally {
            iterators.giveBack(family, iterator);
        }
    }

    @Override
    public void close() {
        try {
            iterators.close();
        } finally {
            options.close();
            store.release(snapshot);
        }
    }

    /** Called per row with stored bytes; the return value says whether to go on. */
    @FunctionalInterface
    public interface RawVisitor {
        boolean visit(byte[] key, byte[] value);
    }
}
