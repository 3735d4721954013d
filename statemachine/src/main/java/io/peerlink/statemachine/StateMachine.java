package io.peerlink.statemachine;

import io.peerlink.log.v1.Batch;
import io.peerlink.statemachine.snapshot.Checkpoint;
import java.nio.file.Path;

/**
 * The state machine over one RocksDB database. {@link #apply} and {@link #checkpoint} belong to one thread (Ratis' apply
 * thread); {@link #view()} may be used from any. Not open twice on the same directory.
 *
 * <p>Any exception out of {@link #apply} means that this router can no longer follow the log (disk fault, unknown command,
 * broken invariant): the caller must stop the process. Refusals are never exceptions.
 */
public final class StateMachine implements AutoCloseable {
    private StateMachine() {}

    /**
     * Drops what is in {@code liveDirectory}, fills it from the checkpoint and opens it.
     *
     * @param liveDirectory database directory; created if missing; everything in it is deleted first
     * @param checkpoint where to start from, verified by the caller; null for an empty state
     */
    public static StateMachine open(Path liveDirectory, @org.jspecify.annotations.Nullable Checkpoint checkpoint) {
        throw new UnsupportedOperationException();
    }

    /**
     * Applies one entry: all commands in order, written with the position in one RocksDB batch.
     *
     * @param position must be above {@link StateView#applied()}
     */
    public ApplyResult apply(LogPosition position, Batch batch) {
        throw new UnsupportedOperationException();
    }

    /** Reads. The same object for the life of the state machine. */
    public StateView view() {
        throw new UnsupportedOperationException();
    }

    /**
     * Makes a checkpoint of the state now: hard links of the tables plus a manifest with sizes and checksums, built under a
     * temporary name, fsynced, then renamed.
     *
     * @param parent directory that gets {@code <term>_<index>}
     * @param position position to name it by; not below the applied one (entries without commands may follow it)
     */
    public Checkpoint checkpoint(Path parent, LogPosition position) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
