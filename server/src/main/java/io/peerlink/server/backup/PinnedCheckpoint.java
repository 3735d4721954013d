package io.peerlink.server.backup;

import io.peerlink.statemachine.StateDigest;
import io.peerlink.statemachine.StateMachine;
import io.peerlink.statemachine.StateView;
import io.peerlink.statemachine.snapshot.Checkpoint;
import io.peerlink.statemachine.snapshot.CheckpointFiles;
import java.nio.file.Path;

/**
 * A checkpoint that stays where it is until this is closed, whatever the router cleans up meanwhile: hard links, in a
 * directory of its own beside the data.
 */
public final class PinnedCheckpoint implements AutoCloseable {
    private static final String DIRECTORY = "backup";

    private final Path directory;
    private final Checkpoint checkpoint;

    private PinnedCheckpoint(Path directory, Checkpoint checkpoint) {
        this.directory = directory;
        this.checkpoint = checkpoint;
    }

    /** Pins one; a former pin in the same data directory must be closed. */
    public static PinnedCheckpoint pin(Path dataDir, Checkpoint checkpoint) {
        Path directory = dataDir.resolve(DIRECTORY);
        CheckpointFiles.recreate(directory);
        return new PinnedCheckpoint(directory, checkpoint.linkTo(directory));
    }

    /** Removes what a router left that stopped during a backup. */
    public static void removeLeftovers(Path dataDir) {
        CheckpointFiles.delete(dataDir.resolve(DIRECTORY));
    }

    public Checkpoint checkpoint() {
        return checkpoint;
    }

    /** Hash of all tables in it; reads them all. */
    public StateDigest digest() {
        return digest(checkpoint, directory.resolve("live"));
    }

    /**
     * Hash of all tables in a checkpoint.
     *
     * @param scratch a directory that is made and deleted
     */
    static StateDigest digest(Checkpoint checkpoint, Path scratch) {
        try (StateMachine opened = StateMachine.open(scratch, checkpoint)) {
            StateView view = opened.view();
            return view.digest();
        } finally {
            CheckpointFiles.delete(scratch);
        }
    }

    @Override
    public void close() {
        CheckpointFiles.delete(directory);
    }
}
