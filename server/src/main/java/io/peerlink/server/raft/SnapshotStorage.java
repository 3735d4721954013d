package io.peerlink.server.raft;

import io.peerlink.statemachine.snapshot.Checkpoint;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.apache.ratis.statemachine.SnapshotRetentionPolicy;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.impl.FileListSnapshotInfo;
import org.jspecify.annotations.Nullable;

/**
 * Our checkpoints as Ratis' snapshots. Names only finished checkpoints, one stable object each; Ratis may ask from any
 * thread. Written by the apply thread.
 */
final class SnapshotStorage implements StateMachineStorage {
    /** Ratis takes no lease on a checkpoint that it is sending to a follower, so a young one is left alone. */
    private static final Duration AGE_MIN = Duration.ofMinutes(2);

    private final AtomicReference<@Nullable SnapshotInfo> latest = new AtomicReference<>();
    private volatile @Nullable Path directory;
    private volatile @Nullable Path temporary;

    @Override
    public void init(RaftStorage storage) throws IOException {
        directory = storage.getStorageDir().getStateMachineDir().toPath();
        temporary = storage.getStorageDir().getTmpDir().toPath();
        Files.createDirectories(directory());
        // Ratis never removes what a broken transfer left.
        deleteContents(temporary);
        refresh();
    }

    /** Where finished checkpoints lie: Ratis' {@code sm} directory, which an installed snapshot replaces as a whole. */
    Path directory() {
        Path path = directory;
        if (path == null) {
            throw new IllegalStateException("snapshot storage is not initialised");
        }
        return path;
    }

    /** Looks at the directory again and returns the newest finished checkpoint. */
    Optional<Checkpoint> refresh() {
        Optional<Checkpoint> newest = Checkpoint.list(directory()).stream().findFirst();
        latest.set(newest.map(SnapshotStorage::info).orElse(null));
        return newest;
    }

    /** Announces a checkpoint that was just finished. */
    void announce(Checkpoint checkpoint) {
        latest.set(info(checkpoint));
    }

    private static SnapshotInfo info(Checkpoint checkpoint) {
        // No digest: Ratis computes it while it sends.
        List<FileInfo> files = checkpoint.files().stream()
                .map(file -> new FileInfo(file.toAbsolutePath(), null))
                .toList();
        return new FileListSnapshotInfo(
                files,
                TermIndex.valueOf(
                        checkpoint.position().term(), checkpoint.position().index()));
    }

    @Override
    public @Nullable SnapshotInfo getLatestSnapshot() {
        return latest.get();
    }

    @Override
    public void format() {
        // A new group starts without snapshots; there is nothing to lay out.
    }

    @Override
    public void cleanupOldSnapshots(SnapshotRetentionPolicy policy) throws IOException {
        int keep = policy.getNumSnapshotsRetained();
        List<Checkpoint> checkpoints = Checkpoint.list(directory());
        FileTime youngest = FileTime.from(Instant.now().minus(AGE_MIN));
        for (Checkpoint old : checkpoints.subList(Math.min(keep, checkpoints.size()), checkpoints.size())) {
            if (Files.getLastModifiedTime(old.directory()).compareTo(youngest) < 0) {
                deleteContents(old.directory());
                Files.delete(old.directory());
            }
        }
    }

    @Override
    public File getSnapshotDir() {
        return directory().toFile();
    }

    @Override
    public @Nullable File getTmpDir() {
        Path path = temporary;
        return path == null ? null : path.toFile();
    }

    private static void deleteContents(@Nullable Path directory) throws IOException {
        if (directory == null || !Files.isDirectory(directory)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                if (!path.equals(directory)) {
                    Files.delete(path);
                }
            }
        }
    }
}
