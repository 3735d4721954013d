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
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Makes a backup the beginning of a router's data. A new cluster begins when all its routers are restored from the same
 * backup, or one is and the others join it.
 */
public final class Restore {
    private static final int ORIGIN_DIGEST_CHARACTERS = 16;

    private final ServerConfig config;
    private final BackupDirectory backup;

    /**
     * What lies in the data directory now.
     *
     * @param position where the new cluster's log goes on
     * @param digest hash of all tables, as in the backup
     */
    public record Restored(LogPosition position, String digest) {}

    private Restore(ServerConfig config, BackupDirectory backup) {
        this.config = config;
        this.backup = backup;
    }

    /**
     * Restores into the data directory of a router that does not run.
     *
     * @param otherCluster whether the new cluster may have another id than the one that the backup was taken of
     * @throws RestoreException if that must not be, with nothing changed, or the backup is damaged
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
        return new Restore(config, backup).restore();
    }

    private static void refuseData(ServerConfig config, BackupDirectory backup) throws IOException {
        Path data = config.dataDir();
        if (!Files.exists(data)) {
            return;
        }
        try (Stream<Path> children = Files.list(data)) {
            if (children.allMatch(child -> child.getFileName().toString().equals("restoring"))) {
                return;
            }
        }
        String whose = DataDirectory.ownerOf(data)
                .map(owner -> owner.clusterId().equals(backup.clusterId())
                        ? "data of router " + owner.routerId()
                        : "data of another cluster, " + owner.clusterId())
                .orElse("something");
        throw new RestoreException(
                Kind.CONFLICT, data + " holds " + whose + "; a backup is restored into an empty directory only");
    }

    private Restored restore() throws IOException {
        Path data = config.dataDir();
        // Everything is made aside and renamed at the end: half a restore cannot be started.
        Path aside = data.resolve("restoring");
        CheckpointFiles.recreate(aside);
        RestoredLog log = RestoredLog.layOut(config, aside.resolve("raft"));
        LogPosition position = backup.position();
        Path directory = log.checkpoints().resolve(position.term() + "_" + position.index());
        Files.createDirectory(directory);
        backup.copyTo(directory);
        Checkpoint checkpoint = new Checkpoint(directory, position);
        StateDigest digest = check(checkpoint, aside.resolve("live"));
        checkpoint.sync();
        log.finish(position.term());
        Files.move(aside.resolve("raft"), data.resolve("raft"), StandardCopyOption.ATOMIC_MOVE);
        CheckpointFiles.delete(aside);
        CheckpointFiles.sync(data);
        String hex = HexFormat.of().formatHex(digest.sha256().toByteArray());
        DataDirectory.claimRestored(
                data,
                new Owner(
                        config.clusterId(),
                        config.routerId(),
                        UUID.randomUUID().toString(),
                        "backup-" + position.index() + "-" + hex.substring(0, ORIGIN_DIGEST_CHARACTERS)));
        return new Restored(position, hex);
    }

    private StateDigest check(Checkpoint checkpoint, Path scratch) {
        try {
            checkpoint.verify();
        } catch (CheckpointException e) {
            throw new RestoreException(Kind.DAMAGED, String.valueOf(e.getMessage()));
        }
        StateDigest digest = PinnedCheckpoint.digest(checkpoint, scratch);
        String found = HexFormat.of().formatHex(digest.sha256().toByteArray());
        if (!found.equals(backup.digest())) {
            throw new RestoreException(
                    Kind.DAMAGED, "the restored state has digest " + found + ", the backup says " + backup.digest());
        }
        return digest;
    }
}
