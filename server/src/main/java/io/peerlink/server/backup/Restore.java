package io.peerlink.server.backup;

import io.peerlink.server.backup.RestoreException.Kind;
import io.peerlink.server.config.ServerConfig;
import io.peerlink.server.identity.DataDirectory;
import io.peerlink.server.identity.DataDirectory.Owner;
import io.peerlink.server.raft.RestoredLog;
import io.peerlink.statemachine.LogPosition;
import io.peerlink.statemachine.StateDigest;
import io.peerlink.statemachine.snapshot.Checkpoint;
import io.peerlink.statemachine.snapshot.CheckpointException;
import io.peerlink.statemachine.snapshot.CheckpointFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

/**
 * Makes a backup the beginning of a router's data. A new cluster begins when all its routers are restored from the same
 * backup, or one is and the others join it.
 */
public final class Restore {
    private static final int ORIGIN_DIGEST_CHARACTERS = 16;

    private final ServerConfig config;
    private final BackupDirectory backup;
    /** Says that a restore did not finish, and holds what is not in place yet. */
    private final Path aside;

    private final RestoredLog log;
    private final Checkpoint checkpoint;

    /**
     * What lies in the data directory now.
     *
     * @param position where the new cluster's log goes on
     * @param digest hash of all tables, as in the backup
     */
    public record Restored(LogPosition position, String digest) {}

    Restore(ServerConfig config, BackupDirectory backup) {
        this.config = config;
        this.backup = backup;
        this.aside = DataDirectory.restoring(config.dataDir());
        this.log = RestoredLog.in(DataDirectory.log(aside), config);
        LogPosition position = backup.position();
        this.checkpoint = new Checkpoint(log.checkpoints().resolve(position.term() + "_" + position.index()), position);
    }

    /**
     * Restores into the data directory of a router that does not run: an empty one, or one that a restore left half done.
     *
     * @param otherCluster whether the new cluster may have another id than the one that the backup was taken of
     * @throws RestoreException if that must not be, with nothing changed, or the backup is damaged: then the directory cannot be
     *     started until a restore succeeds
     */
    public static Restored run(ServerConfig config, Path directory, boolean otherCluster) throws IOException {
        BackupDirectory backup = BackupDirectory.read(directory);
        if (!otherCluster && !backup.clusterId().equals(config.clusterId())) {
            throw new RestoreException(
                    Kind.CONFLICT,
                    "the backup is of cluster " + backup.clusterId() + ", the configuration says " + config.clusterId()
                            + "; --other-cluster allows that");
        }
        refuseData(config, backup);
        for (Step step : new Restore(config, backup).steps()) {
            step.run();
        }
        return new Restored(backup.position(), backup.digest());
    }

    private static void refuseData(ServerConfig config, BackupDirectory backup) {
        Path data = config.dataDir();
        String[] names = data.toFile().list();
        if (names == null || names.length == 0 || DataDirectory.isHalfRestored(data)) {
            return;
        }
        String whose = DataDirectory.ownerOf(data)
                .map(owner -> owner.clusterId().equals(backup.clusterId())
                        ? "data of router " + owner.routerId()
                        : "data of another cluster, " + owner.clusterId())
                .orElse("something");
        throw new RestoreException(
                Kind.CONFLICT, data + " holds " + whose + "; a backup is restored into an empty directory only");
    }

    /** A part of the work; what it wrote is safe on disk when it ends. */
    interface Step {
        void run() throws IOException;
    }

    /**
     * All steps in their order. Between the first and the last one the directory cannot be opened, so half a restore is never
     * started, wherever it was cut off; doing all steps again goes on from anywhere.
     */
    List<Step> steps() {
        return List.of(this::mark, this::claim, this::copy, this::check, this::sync, this::move, this::unmark);
    }

    private void mark() throws IOException {
        makeDurably(aside);
        CheckpointFiles.delete(DataDirectory.log(aside));
        CheckpointFiles.delete(DataDirectory.log(config.dataDir()));
    }

    private static void makeDurably(Path directory) throws IOException {
        Path parent = directory.toAbsolutePath().getParent();
        if (!Files.isDirectory(directory) && parent != null) {
            makeDurably(parent);
            Files.createDirectory(directory);
            CheckpointFiles.sync(parent);
        }
    }

    private void claim() {
        DataDirectory.claimRestored(
                config.dataDir(),
                new Owner(
                        config.clusterId(),
                        config.routerId(),
                        UUID.randomUUID().toString(),
                        "backup-" + backup.position().index() + "-"
                                + backup.digest().substring(0, ORIGIN_DIGEST_CHARACTERS)));
    }

    private void copy() throws IOException {
        log.layOut();
        Files.createDirectory(checkpoint.directory());
        backup.copyTo(checkpoint.directory());
    }

    private void check() {
        try {
            checkpoint.verify();
        } catch (CheckpointException e) {
            throw new RestoreException(Kind.DAMAGED, String.valueOf(e.getMessage()));
        }
        StateDigest digest = PinnedCheckpoint.digest(checkpoint, aside.resolve("live"));
        String found = HexFormat.of().formatHex(digest.sha256().toByteArray());
        if (!found.equals(backup.digest())) {
            throw new RestoreException(
                    Kind.DAMAGED, "the restored state has digest " + found + ", the backup says " + backup.digest());
        }
    }

    private void sync() throws IOException {
        checkpoint.sync();
        log.finish(backup.position().term());
    }

    private void move() throws IOException {
        Files.move(DataDirectory.log(aside), DataDirectory.log(config.dataDir()), StandardCopyOption.ATOMIC_MOVE);
        CheckpointFiles.sync(config.dataDir());
    }

    private void unmark() {
        CheckpointFiles.delete(aside);
        CheckpointFiles.sync(config.dataDir());
    }
}
