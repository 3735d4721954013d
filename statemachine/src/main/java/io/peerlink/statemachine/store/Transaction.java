package io.peerlink.statemachine.store;

import com.google.protobuf.MessageLite;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksIterator;

/**
 * Changes of one log entry over the stored tables. Reads see the changes; {@link #commit} writes them all at once. Values
 * stay decoded until then, so that commands of one entry share rows without parsing. Apply thread only; nothing else
 * writes to the database meanwhile, which is why iterators made at any point of the entry agree.
 */
public final class Transaction implements Rows, AutoCloseable {
    private final RocksStore store;
    private final RowCache cache;
    private final ReadOptions options;
    private final IteratorPool iterators;
    // An empty value is a deletion.
    private final Map<ColumnFamily, NavigableMap<byte[], Optional<MessageLite>>> changes =
            new EnumMap<>(ColumnFamily.class);

    Transaction(RocksStore store, RowCache cache, ReadOptions options) {
        this.store = store;
        this.cache = cache;
        this.options = options;
        this.iterators = new IteratorPool(store, options);
        for (ColumnFamily family : ColumnFamily.values()) {
            changes.put(family, new TreeMap<>(Arrays::compareUnsigned));
        }
    }

    public <V extends MessageLite> void put(Table<V> table, byte[] key, V value) {
        changes(table).put(key, Optional.of(value));
    }

    public void delete(Table<?> table, byte[] key) {
        changes(table).put(key, Optional.empty());
    }

    @Override
    public <V extends MessageLite> @Nullable V get(Table<V> table, byte[] key) {
        Optional<MessageLite> change = changes(table).get(key);
        if (change != null) {
            return change.map(table::cast).orElse(null);
        }
        MessageLite kept = cache.get(table.family(), key);
        if (kept != null) {
            return table.cast(kept);
        }
        byte[] stored = store.get(table.family(), options, key);
        if (stored == null) {
            return null;
        }
        V value = table.decode(stored);
        cache.put(table.family(), key, value);
        return value;
    }

    /** The row with this very key, if it can be had without asking the database. */
    private <V extends MessageLite> @Nullable Row<V> atHand(Table<V> table, byte[] key) {
        Optional<MessageLite> change = changes(table).get(key);
        MessageLite value = change == null ? cache.get(table.family(), key) : change.orElse(null);
        return value == null ? null : new Row<>(key, table.cast(value));
    }

    @Override
    public <V extends MessageLite> @Nullable Row<V> floor(Table<V> table, byte[] lowest, byte[] key) {
        Row<V> exact = Arrays.compareUnsigned(lowest, key) <= 0 ? atHand(table, key) : null;
        if (exact != null) {
            return exact;
        }
        NavigableMap<byte[], Optional<MessageLite>> changed = changes(table);
        RocksIterator iterator = iterators.take(table.family());
        try {
            iterator.seekForPrev(key);
            byte[] stored = IteratorPool.isValid(iterator) ? iterator.key() : null;
            Map.Entry<byte[], Optional<MessageLite>> change = changed.floorEntry(key);
            while (stored != null || change != null) {
                int order = stored == null ? 1 : change == null ? -1 : Arrays.compareUnsigned(change.getKey(), stored);
                byte[] greater = order >= 0 && change != null ? change.getKey() : stored;
                if (greater == null || Arrays.compareUnsigned(greater, lowest) < 0) {
                    return null;
                }
                if (order < 0 || change == null) {
                    return new Row<>(greater, table.decode(iterator.value()));
                }
                V value = change.getValue().map(table::cast).orElse(null);
                if (value != null) {
                    return new Row<>(greater, value);
                }
                if (order == 0) {
                    iterator.prev();
                    stored = IteratorPool.isValid(iterator) ? iterator.key() : null;
                }
                change = changed.lowerEntry(greater);
            }
            return null;
        } finally {
            iterators.giveBack(table.family(), iterator);
        }
    }

    @Override
    public <V extends MessageLite> void scan(Table<V> table, byte[] from, byte[] end, Visitor<V> visitor) {
        if (Arrays.compareUnsigned(from, end) >= 0) {
            return;
        }
        // Many a scan ends with its first row: then it costs no iterator.
        Row<V> first = atHand(table, from);
        if (first == null) {
            scanStored(table, from, end, visitor);
        } else if (visitor.visit(first)) {
            scanStored(table, KeyCodec.after(from), end, visitor);
        }
    }

    private <V extends MessageLite> void scanStored(Table<V> table, byte[] from, byte[] end, Visitor<V> visitor) {
        NavigableMap<byte[], Optional<MessageLite>> changed = changes(table);
        RocksIterator iterator = iterators.take(table.family());
        try {
            iterator.seek(from);
            byte[] stored = keyBelow(iterator, end);
            Map.Entry<byte[], Optional<MessageLite>> change = changed.ceilingEntry(from);
            while (true) {
                if (change != null && Arrays.compareUnsigned(change.getKey(), end) >= 0) {
                    change = null;
                }
                if (stored == null && change == null) {
                    return;
                }
                int order = stored == null ? -1 : change == null ? 1 : Arrays.compareUnsigned(change.getKey(), stored);
                byte[] least = order <= 0 && change != null ? change.getKey() : stored;
                V value = order <= 0 && change != null
                        ? change.getValue().map(table::cast).orElse(null)
                        : table.decode(iterator.value());
                if (least == null || (value != null && !visitor.visit(new Row<>(least, value)))) {
                    return;
                }
                if (order >= 0) {
                    iterator.next();
                    stored = keyBelow(iterator, end);
                }
                // Looked up anew: the visitor may have changed the table.
                change = changed.higherEntry(least);
            }
        } finally {
            iterators.giveBack(table.family(), iterator);
        }
    }

    /**
     * Writes all changes as one batch and ends the transaction.
     *
     * @param seal makes the last row from the checksums of all others, in order
     */
    public <V extends MessageLite> void commit(Table<V> table, byte[] key, Function<byte[], V> seal) {
        iterators.close();
        EncodedChanges encoded = EncodedChanges.of(changes);
        encoded.add(table.family(), key, seal.apply(encoded.checksums()));
        store.write(encoded);
        changes.forEach((family, rows) -> rows.forEach((changed, value) ->
                value.ifPresentOrElse(row -> cache.put(family, changed, row), () -> cache.remove(family, changed))));
    }

    @Override
    public void close() {
        iterators.close();
    }

    private NavigableMap<byte[], Optional<MessageLite>> changes(Table<?> table) {
        NavigableMap<byte[], Optional<MessageLite>> changed = changes.get(table.family());
        if (changed == null) {
            throw new IllegalStateException("no table " + table.family());
        }
        return changed;
    }

    private static byte @Nullable [] keyBelow(RocksIterator iterator, byte[] end) {
        if (!IteratorPool.isValid(iterator)) {
            return null;
        }
        byte[] key = iterator.key();
        return Arrays.compareUnsigned(key, end) < 0 ? key : null;
    }
}
