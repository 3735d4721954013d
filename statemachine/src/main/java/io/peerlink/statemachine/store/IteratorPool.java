package io.peerlink.statemachine.store;

import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Map;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksIterator;

/**
 * RocksDB iterators of one moment, kept for the next scan because making one costs more than moving it. Not thread-safe.
 * Closing it closes all iterators; none may be on loan then.
 */
final class IteratorPool implements AutoCloseable {
    private final RocksStore store;
    private final ReadOptions options;
    private final Map<ColumnFamily, ArrayDeque<RocksIterator>> idle = new EnumMap<>(ColumnFamily.class);

    IteratorPool(RocksStore store, ReadOptions options) {
        this.store = store;
        this.options = options;
    }

    RocksIterator take(ColumnFamily family) {
        ArrayDeque<RocksIterator> iterators = idle.get(family);
        RocksIterator iterator = iterators == null ? null : iterators.poll();
        return iterator == null ? store.iterator(family, options) : iterator;
    }

    void giveBack(ColumnFamily family, RocksIterator iterator) {
        idle.computeIfAbsent(family, any -> new ArrayDeque<>()).push(iterator);
    }

    /** Throws what an iterator that became invalid hides: the end of the data and a disk fault look alike. */
    static boolean isValid(RocksIterator iterator) {
        if (iterator.isValid()) {
            return true;
        }
        RocksStore.run("scan", iterator::status);
        return false;
    }

    @Override
    public void close() {
        idle.values().forEach(iterators -> iterators.forEach(RocksIterator::close));
        idle.clear();
    }
}
