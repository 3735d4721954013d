package io.peerlink.statemachine;

import io.peerlink.log.v1.Batch;
import io.peerlink.log.v1.Command;
import io.peerlink.statemachine.apply.CommandApplier;
import io.peerlink.statemachine.snapshot.Checkpoint;
import io.peerlink.statemachine.snapshot.CheckpointFiles;
import io.peerlink.statemachine.snapshot.CheckpointWriter;
import io.peerlink.statemachine.state.EntryState;
import io.peerlink.statemachine.state.Tables;
import io.peerlink.statemachine.store.RocksStore;
import io.peerlink.statemachine.store.StoreException;
import io.peerlink.statemachine.store.StoreUse;
import io.peerlink.statemachine.store.Transaction;
import io.peerlink.statemachine.view.SnapshotStateView;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state machine over one RocksDB database. {@link #apply} and {@link #checkpoint} belong to one thread (Ratis' apply
 * thread); {@link #view()} may be used from any. Not open twice on the same directory.
 *
 * <p>Any exception out of {@link #apply} means that this router can no longer follow the log (disk fault, unknown command,
 * broken invariant): the caller must stop the process. Refusals are never exceptions.
 */
public final class StateMachine implements AutoCloseable {
    /** Of the state that this version writes and reads; a checkpoint tells its own. */
    public static final int FORMAT = EntryState.FORMAT;

    /** The newest that this version knows; it reads all from 1 on. */
    private static final int BATCH_FORMAT = 5;

    private final RocksStore store;
    private final CheckpointWriter checkpoints;
    private final SnapshotStateView view;
    private final EntryState.Memory memory = new EntryState.Memory();

    private StateMachine(RocksStore store) {
        this.store = store;
        this.checkpoints = new CheckpointWriter(store, FORMAT, StateMachine::position);
        this.view = new SnapshotStateView(store, memory.hashes());
    }

    /**
     * Drops what is in {@code liveDirectory}, fills it from the checkpoint and opens it.
     *
     * @param liveDirectory database directory; created if missing; everything in it is deleted first
     * @param checkpoint where to start from, verified by the caller; null for an empty state
     */
    public static StateMachine open(Path liveDirectory, @Nullable Checkpoint checkpoint) {
        CheckpointFiles.recreate(liveDirectory);
        if (checkpoint != null) {
            checkpoint.restoreTo(liveDirectory);
        }
        RocksStore store = RocksStore.open(liveDirectory);
        try {
            return over(store);
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    /** Goes on from what is in an open database, which it takes over. */
    public static StateMachine over(RocksStore store) {
        checkFormat(store);
        return new StateMachine(store);
    }

    /**
     * Applies one entry: all commands in order, written with the position in one RocksDB batch.
     *
     * @param position must be above {@link StateView#applied()}
     */
    public ApplyResult apply(LogPosition position, Batch batch) {
        if (batch.getFormat() < 1 || batch.getFormat() > BATCH_FORMAT) {
            throw new IllegalStateException("log entry of unknown format " + batch.getFormat() + " at " + position);
        }
        if (position.index() <= view.applied().index()
                || position.term() < view.applied().term()) {
            throw new IllegalStateException(position + " is not above " + view.applied());
        }
        long clockMs = Math.max(view.clockMs(), batch.getTimeMs());
        try (Transaction transaction = store.begin()) {
            EntryState state =
                    new EntryState(transaction, new EntryState.Entry(position, batch.getFormat()), clockMs, memory);
            CommandApplier applier = new CommandApplier(state);
            List<Outcome> outcomes = new ArrayList<>(batch.getCommandsCount());
            for (Command command : batch.getCommandsList()) {
                outcomes.add(applier.apply(command));
            }
            List<Effect> effects = state.commit();
            view.advance(position, clockMs);
            return new ApplyResult(outcomes, effects);
        }
    }

    /** What the tables take. Any thread. */
    public StoreUse storeUse() {
        return store.use();
    }

    /** Reads. The same object for the life of the state machine. */
    public StateView view() {
        return view;
    }

    /**
     * Makes a checkpoint of the state now: hard links of the tables plus a manifest with sizes and checksums, built under a
     * temporary name, fsynced, then renamed.
     *
     * @param parent directory that gets {@code <term>_<index>}
     * @param position position to name it by; not below the applied one (entries without commands may follow it)
     */
    public Checkpoint checkpoint(Path parent, LogPosition position) {
        if (position.index() < view.applied().index()
                || position.term() < view.applied().term()) {
            throw new IllegalArgumentException(position + " is below " + view.applied());
        }
        return checkpoints.write(parent, position);
    }

    /**
     * Makes a checkpoint while entries are applied, complete but for its place: {@link Checkpoint#moveTo} gives it that. It
     * holds what was applied when this was called, and perhaps some of what came since. One thread at a time, any.
     *
     * @param parent where finished ones lie; only read
     * @param place its directory for the time being, on the same file system; what is there is deleted
     */
    public Checkpoint prepareCheckpoint(Path parent, Path place) {
        return checkpoints.prepare(parent, place);
    }

    @Override
    public void close() {
        store.close();
    }

    private static LogPosition position(Path database) {
        var applied = RocksStore.peek(database, Tables.APPLIED, Tables.appliedKey());
        return applied == null ? LogPosition.NONE : new LogPosition(applied.getTerm(), applied.getIndex());
    }

    private static void checkFormat(RocksStore store) {
        try (var rows = store.snapshot()) {
            var applied = rows.get(Tables.APPLIED, Tables.appliedKey());
            if (applied != null && applied.getFormat() != FORMAT) {
                throw new StoreException(
                        "tables of format " + applied.getFormat() + "; this version reads format " + FORMAT + " only");
            }
        }
    }
}
