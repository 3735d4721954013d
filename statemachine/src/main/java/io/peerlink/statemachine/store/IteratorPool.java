package io.peerlink.statemachine.store;

import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Map;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksIterator;

/**
 * RocksDB iterators of one moment, kept for the next scan because making one costs more than moving it. Not thread-safe.
 * Closing it closes all iterators. None may be on loan then: it would outlive the database, so closing says so.
 */
final class IteratorPool implements AutoCloseable {
    private final RocksStore store;
    private final ReadOptions options;
    private final Map<ColumnFamily, ArrayDeque<RocksIterator>> idle = new EnumMap<>(ColumnFamily.class);
    private int onLoan;

    IteratorPool(RocksStore store, ReadOptions options) {
        this.store = store;
        this.options = options;
    }

    RocksIterator take(ColumnFamily family) {
        ArrayDeque<RocksIterator> iterators = idle.get(family);
        RocksIterator iterator = iterators == null ? null : iterators.poll();
        RocksIterator taken = iterator == null ? store.iterator(family, options) : iterator;
        onLoan++;
        return taken;
    }

    void giveBack(ColumnFamily family, RocksIterator iterator) {
        onLoan--;
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
        if (onLoan != 0) {
            throw new IllegalStateException(onLoan + " iterators were not given back");
        }
    }
}
