package io.peerlink.statemachine.snapshot;

import io.peerlink.statemachine.LogPosition;
import java.nio.file.Path;
import java.util.List;

/**
 * A finished checkpoint directory {@code <term>_<index>} with its manifest. Immutable once it has this name.
 *
 * @param directory where it lies
 * @param position the log position it covers
 */
public record Checkpoint(Path directory, LogPosition position) {
    /** Finished checkpoints under {@code parent}, newest first; temporary and foreign names are passed over. */
    public static List<Checkpoint> list(Path parent) {
        throw new UnsupportedOperationException();
    }

    /** All files of the checkpoint, the manifest included, sorted, as they are to be shipped. */
    public List<Path> files() {
        throw new UnsupportedOperationException();
    }

    /**
     * Checks sizes and checksums of every file against the manifest.
     *
     * @throws io.peerlink.statemachine.snapshot.CheckpointException naming the file that is missing or damaged
     */
    public void verify() {
        throw new UnsupportedOperationException();
    }

    /** Fsyncs every file and the directories; for checkpoints that came over the network. */
    public void sync() {
        throw new UnsupportedOperationException();
    }
}
