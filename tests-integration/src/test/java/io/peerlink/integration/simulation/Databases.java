package io.peerlink.integration.simulation;

import io.peerlink.state.v1.AppliedRecord;
import io.peerlink.statemachine.LogPosition;
import io.peerlink.statemachine.StateMachine;
import io.peerlink.statemachine.snapshot.Checkpoint;
import io.peerlink.statemachine.state.EntryState;
import io.peerlink.statemachine.state.Tables;
import io.peerlink.statemachine.store.ColumnFamily;
import io.peerlink.statemachine.store.ReadSnapshot;
import io.peerlink.statemachine.store.RocksStore;
import io.peerlink.statemachine.store.Table;
import io.peerlink.statemachine.store.Transaction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.stream.Stream;

/**
 * Real databases, used again by seed after seed, because opening one costs more than a whole run in it. They lie in memory where
 * the machine has a file system for that. One thread.
 */
public final class Databases implements AutoCloseable {
    private static final Path MEMORY = Path.of("/dev/shm");
    /** Deleted rows linger until their table is written out, and every scan wades through them. */
    private static final int USES_MAX = 10;

    private final Path directory;
    private final List<Shelf> shelves = new ArrayList<>();
    private final List<RocksStore> restored = new ArrayList<>();
    private final IdentityHashMap<StateMachine, RocksStore> stores = new IdentityHashMap<>();
    private int directories;
    private int taken;

    /** A database that stays open. */
    private static final class Shelf {
        private RocksStore store;
        private int uses;

        private Shelf(RocksStore store) {
            this.store = store;
        }
    }

    public Databases() {
        try {
            directory = Files.isDirectory(MEMORY) && Files.isWritable(MEMORY)
                    ? Files.createTempDirectory(MEMORY, "peerlink-simulation")
                    : Files.createTempDirectory("peerlink-simulation");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An empty state, until {@link #giveBack}. */
    public StateMachine empty() {
        if (taken == shelves.size()) {
            shelves.add(new Shelf(RocksStore.open(fresh())));
        }
        Shelf shelf = shelves.get(taken++);
        if (shelf.uses++ == USES_MAX) {
            shelf.store.close();
            shelf.store = RocksStore.open(fresh());
            shelf.uses = 1;
        }
        clear(shelf.store);
        return over(shelf.store);
    }

    /** The same state once more, as after a restart: nothing is left of what the state machine remembered. */
    StateMachine again(StateMachine machine) {
        RocksStore store = stores.get(machine);
        if (store == null) {
            throw new IllegalArgumentException("not from here");
        }
        return over(store);
    }

    private StateMachine over(RocksStore store) {
        StateMachine machine = StateMachine.over(store);
        stores.put(machine, store);
        return machine;
    }

    /** Makes a checkpoint, by the router's own code. */
    Checkpoint checkpoint(StateMachine machine, LogPosition position) {
        return machine.checkpoint(fresh(), position);
    }

    /** The state of a checkpoint, checked and brought by the router's own code, until {@link #giveBack}. */
    StateMachine restore(Checkpoint checkpoint) {
        checkpoint.verify();
        Path live = fresh();
        checkpoint.restoreTo(live);
        RocksStore store = RocksStore.open(live);
        restored.add(store);
        return over(store);
    }

    /** For the bug: the state of a checkpoint without one of its tables. */
    StateMachine restoreWithout(Checkpoint checkpoint, ColumnFamily missing) {
        Path live = fresh();
        checkpoint.restoreTo(live);
        RocksStore store = RocksStore.open(live);
        AppliedRecord applied;
        try (ReadSnapshot rows = store.snapshot()) {
            applied = rows.get(Tables.APPLIED, Tables.appliedKey());
        }
        clear(store, List.of(missing), applied == null ? AppliedRecord.getDefaultInstance() : applied);
        restored.add(store);
        return over(store);
    }

    private static void clear(RocksStore store) {
        AppliedRecord nothing = AppliedRecord.newBuilder()
                .setFormat(EntryState.FORMAT)
                .setTerm(LogPosition.NONE.term())
                .setIndex(LogPosition.NONE.index())
                .build();
        clear(store, List.of(ColumnFamily.values()), nothing);
    }

    private static void clear(RocksStore store, List<ColumnFamily> families, AppliedRecord applied) {
        try (Transaction changes = store.begin();
                ReadSnapshot rows = store.snapshot()) {
            for (ColumnFamily family : families) {
                Table<?> table = new Table<>(family, AppliedRecord.parser());
                rows.scanRaw(family, new byte[0], (key, value) -> {
                    changes.delete(table, key);
                    return true;
                });
            }
            changes.commit(Tables.APPLIED, Tables.appliedKey(), hash -> applied);
        }
    }

    /** Everything that was taken is no longer used. */
    public void giveBack() {
        taken = 0;
        restored.forEach(RocksStore::close);
        restored.clear();
        stores.clear();
    }

    private Path fresh() {
        try {
            return Files.createDirectory(directory.resolve(Integer.toString(directories++)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        giveBack();
        shelves.forEach(shelf -> shelf.store.close());
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
