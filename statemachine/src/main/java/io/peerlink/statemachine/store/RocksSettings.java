package io.peerlink.statemachine.store;

import java.util.ArrayDeque;
import org.rocksdb.AbstractNativeReference;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;

/** How the database is tuned, with the reasons. Owns the native option objects; must outlive the database. */
final class RocksSettings implements AutoCloseable {
    private static final long MIB = 1L << 20;

    private final ArrayDeque<AbstractNativeReference> handles = new ArrayDeque<>();
    private final DBOptions database;
    private final ColumnFamilyOptions family;

    RocksSettings() {
        LRUCache cache = new LRUCache(32 * MIB);
        handles.push(cache);
        BloomFilter filter = new BloomFilter(10);
        handles.push(filter);
        database = new DBOptions()
                .setCreateIfMissing(true)
                .setCreateMissingColumnFamilies(true)
                // Without a write-ahead log, a flush of one family alone would tear an entry apart.
                .setAtomicFlush(true)
                .setDbWriteBufferSize(64 * MIB)
                .setMaxBackgroundJobs(2)
                .setMaxOpenFiles(1024)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setKeepLogFileNum(2)
                .setMaxLogFileSize(4 * MIB)
                .setStatsDumpPeriodSec(0);
        handles.push(database);
        family = new ColumnFamilyOptions()
                // Measured: compression and eager compaction cost apply a sixth of its throughput.
                .setCompressionType(CompressionType.NO_COMPRESSION)
                .setWriteBufferSize(16 * MIB)
                .setMaxWriteBufferNumber(4)
                .setLevel0FileNumCompactionTrigger(8)
                .setLevel0SlowdownWritesTrigger(40)
                .setLevel0StopWritesTrigger(64)
                .setTargetFileSizeBase(64 * MIB)
                .setMaxBytesForLevelBase(512 * MIB)
                .setTableFormatConfig(new BlockBasedTableConfig()
                        .setBlockCache(cache)
                        .setFilterPolicy(filter)
                        .setCacheIndexAndFilterBlocks(false));
        handles.push(family);
    }

    DBOptions database() {
        return database;
    }

    ColumnFamilyOptions family() {
        return family;
    }

    @Override
    public void close() {
        while (!handles.isEmpty()) {
            handles.pop().close();
        }
    }
}
