package io.peerlink.statemachine.store;

import com.google.protobuf.MessageLite;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.AbstractNativeReference;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.Logger;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Snapshot;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * The open database. Transactions and checkpoints belong to the apply thread; {@link #snapshot()} may be called from any
 * thread. Closing waits for open snapshots, because a native handle used after close kills the process.
 */
public final class RocksStore implements AutoCloseable {
    private final ArrayDeque<AbstractNativeReference> handles = new ArrayDeque<>();
    private final ReadWriteLock open = new ReentrantReadWriteLock();
    private final Map<ColumnFamily, ColumnFamilyHandle> families = new EnumMap<>(ColumnFamily.class);
    private final RocksSettings settings;
    private final RocksDB db;
    private final WriteOptions writeOptions;
    private final ReadOptions readOptions;
    private final RowCache cache = new RowCache();
    private boolean closed;

    private RocksStore(Path directory) {
        RocksDB.loadLibrary();
        settings = new RocksSettings();
        List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
        // RocksDB insists on its default family; it stays empty.
        descriptors.add(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, settings.family()));
        for (ColumnFamily family : ColumnFamily.values()) {
            descriptors.add(new ColumnFamilyDescriptor(family.storedName(), settings.family()));
        }
        List<ColumnFamilyHandle> opened = new ArrayList<>();
        try {
            db = RocksDB.open(settings.database(), directory.toString(), descriptors, opened);
        } catch (RocksDBException e) {
            closeHandles();
            throw new StoreException("cannot open database in " + directory, e);
        }
        keep(db);
        opened.forEach(this::keep);
        // In the order of the descriptors, behind the default family.
        Iterator<ColumnFamilyHandle> handle = opened.iterator();
        handle.next();
        for (ColumnFamily family : ColumnFamily.values()) {
            families.put(family, handle.next());
        }
        // The Raft log is the write-ahead log.
        writeOptions = keep(new WriteOptions().setDisableWAL(true));
        readOptions = keep(new ReadOptions());
    }

    /** Opens the database in an existing directory, empty or filled from a checkpoint. */
    public static RocksStore open(Path directory) {
        return new RocksStore(directory);
    }

    /** Begins the changes of one entry. */
    public Transaction begin() {
        return new Transaction(this, cache, readOptions);
    }

    /** The tables as of now. Close it on the same thread. */
    public ReadSnapshot snapshot() {
        open.readLock().lock();
        if (closed) {
            open.readLock().unlock();
            throw new StoreException("database is closed");
        }
        return new ReadSnapshot(this, db.getSnapshot());
    }

    /**
     * Writes everything to table files and links them into a directory that must not exist yet. Any thread; the apply thread
     * may go on meanwhile. What is copied then ends with some entry, whole: a transaction is one write, and all families are
     * flushed together.
     */
    public void copyTo(Path directory) {
        open.readLock().lock();
        try {
            if (closed) {
                throw new StoreException("database is closed");
            }
            run("checkpoint", () -> {
                try (org.rocksdb.Checkpoint checkpoint = org.rocksdb.Checkpoint.create(db)) {
                    checkpoint.createCheckpoint(directory.toString());
                }
            });
        } finally {
            open.readLock().unlock();
        }
    }

    /** One row of a database that is not open, and stays as it is. */
    public static <V extends MessageLite> @Nullable V peek(Path directory, Table<V> table, byte[] key) {
        RocksDB.loadLibrary();
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        // Else it would begin a log file in the directory that it only reads.
        try (Logger silent = silence();
                DBOptions options = new DBOptions().setLogger(silent);
                ColumnFamilyOptions family = new ColumnFamilyOptions();
                RocksDB files = RocksDB.openReadOnly(
                        options,
                        directory.toString(),
                        List.of(
                                new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, family),
                                new ColumnFamilyDescriptor(table.family().storedName(), family)),
                        handles)) {
            byte[] stored = files.get(handles.get(1), key);
            handles.forEach(AbstractNativeReference::close);
            return stored == null ? null : table.decode(stored);
        } catch (RocksDBException e) {
            throw new StoreException("cannot read " + directory, e);
        }
    }

    private static Logger silence() {
        return new Logger(InfoLogLevel.HEADER_LEVEL) {
            @Override
            protected void log(InfoLogLevel level, String message) {
                // What goes wrong is thrown.
            }
        };
    }

    /** What the database takes now. Any thread. */
    public StoreUse use() {
        open.readLock().lock();
        try {
            if (closed) {
                throw new StoreException("database is closed");
            }
            return new StoreUse(
                    total("rocksdb.live-sst-files-size"),
                    total("rocksdb.cur-size-all-mem-tables"),
                    total("rocksdb.estimate-table-readers-mem"),
                    total("rocksdb.estimate-num-keys"),
                    total("rocksdb.estimate-pending-compaction-bytes"),
                    db.getLongProperty("rocksdb.num-running-compactions"));
        } catch (RocksDBException e) {
            throw new StoreException("properties cannot be read", e);
        } finally {
            open.readLock().unlock();
        }
    }

    /** Over all column families. */
    private long total(String property) throws RocksDBException {
        return db.getAggregatedLongProperty(property);
    }

    @Override
    public void close() {
        open.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                closeHandles();
            }
        } finally {
            open.writeLock().unlock();
        }
    }

    byte @Nullable [] get(ColumnFamily family, ReadOptions options, byte[] key) {
        try {
            return db.get(handle(family), options, key);
        } catch (RocksDBException e) {
            throw new StoreException("read of " + family + " failed", e);
        }
    }

    RocksIterator iterator(ColumnFamily family, ReadOptions options) {
        return db.newIterator(handle(family), options);
    }

    void release(Snapshot snapshot) {
        db.releaseSnapshot(snapshot);
        snapshot.close();
        open.readLock().unlock();
    }

    void write(EncodedChanges changes) {
        run("write", () -> {
            try (WriteBatch batch = new WriteBatch()) {
                for (EncodedChanges.Change change : changes.list()) {
                    ColumnFamilyHandle handle = handle(change.family());
                    byte[] value = change.value();
                    if (value != null) {
                        batch.put(handle, change.key(), value);
                    } else {
                        batch.delete(handle, change.key());
                    }
                }
                db.write(writeOptions, batch);
            }
        });
    }

    static void run(String what, NativeCall call) {
        try {
            call.run();
        } catch (RocksDBException e) {
            throw new StoreException(what + " failed", e);
        }
    }

    private ColumnFamilyHandle handle(ColumnFamily family) {
        ColumnFamilyHandle handle = families.get(family);
        if (handle == null) {
            throw new IllegalStateException("no table " + family);
        }
        return handle;
    }

    private <T extends AbstractNativeReference> T keep(T handle) {
        handles.push(handle);
        return handle;
    }

    private void closeHandles() {
        while (!handles.isEmpty()) {
            handles.pop().close();
        }
        settings.close();
    }

    /** A call into RocksDB. */
    @FunctionalInterface
    interface NativeCall {
        void run() throws RocksDBException;
    }
}
