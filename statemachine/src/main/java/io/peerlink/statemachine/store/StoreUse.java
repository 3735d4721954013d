package io.peerlink.statemachine.store;

/**
 * What the database takes, by RocksDB's own word, all tables together.
 *
 * @param tableBytes in table files that are in use
 * @param memtableBytes in memory, not in table files yet
 * @param readerBytes in memory for indexes and filters of table files
 * @param rows an estimate
 * @param pendingCompactionBytes what compaction has to rewrite, an estimate
 * @param runningCompactions going on now
 */
public record StoreUse(
        long tableBytes,
        long memtableBytes,
        long readerBytes,
        long rows,
        long pendingCompactionBytes,
        long runningCompactions) {}
