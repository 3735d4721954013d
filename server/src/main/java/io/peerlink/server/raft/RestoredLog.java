package io.peerlink.server.raft;

import io.peerlink.server.config.ServerConfig;
import io.peerlink.statemachine.snapshot.CheckpointFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The directories in which Ratis finds a member that has a snapshot and no log: it goes on behind the snapshot, with the
 * routers that the configuration names.
 */
public final class RestoredLog {
    private final Path raftDirectory;
    private final Path group;

    private RestoredLog(Path raftDirectory, Path group) {
        this.raftDirectory = raftDirectory;
        this.group = group;
    }

    /** Of this configuration's Raft group; makes nothing yet. */
    public static RestoredLog in(Path raftDirectory, ServerConfig config) {
        return new RestoredLog(
                raftDirectory,
                raftDirectory.resolve(
                        RaftSettings.group(config).getGroupId().getUuid().toString()));
    }

    /** Makes the directories, empty. */
    public void layOut() throws IOException {
        Files.createDirectories(checkpoints());
        Files.createDirectories(current());
    }

    /** Where a checkpoint is to be put. */
    public Path checkpoints() {
        return group.resolve("sm");
    }

    private Path current() {
        return group.resolve("current");
    }

    /**
     * Makes it a member that Ratis will start, safe on disk; without this file it would clear the directories.
     *
     * @param term the checkpoint's: the first leader's is greater
     */
    public void finish(long term) throws IOException {
        Path meta = current().resolve("raft-meta");
        Files.writeString(meta, "term=" + term + "\nvotedFor=\n");
        CheckpointFiles.sync(meta);
        CheckpointFiles.sync(current());
        CheckpointFiles.sync(group);
        CheckpointFiles.sync(raftDirectory);
    }
}
