package io.peerlink.server.raft;

import io.peerlink.server.config.ServerConfig;
import io.peerlink.statemachine.snapshot.Checkpoint;
import io.peerlink.statemachine.snapshot.CheckpointException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A router's log and checkpoints, looked at while the router does not run. Changes nothing. */
public final class StoredData {
    private final Path group;
    private final KeptConfiguration kept;

    private StoredData(Path group, KeptConfiguration kept) {
        this.group = group;
        this.kept = kept;
    }

    /** Where this configuration keeps them; there may be nothing yet. */
    public static StoredData of(ServerConfig config) {
        Path group = config.dataDir()
                .resolve("raft")
                .resolve(RaftSettings.group(config).getGroupId().getUuid().toString());
        return new StoredData(group, KeptConfiguration.in(config.dataDir()));
    }

    StoredLog log() {
        return new StoredLog(group.resolve("current"));
    }

    private Path checkpoints() {
        return group.resolve("sm");
    }

    /** Whether there is anything. */
    public boolean exists() {
        return Files.isDirectory(group);
    }

    /** Whether a router has it open, by Ratis' lock. */
    public boolean isInUse() throws IOException {
        Path lock = group.resolve("in_use.lock");
        if (!Files.isRegularFile(lock)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
                FileLock held = channel.tryLock()) {
            return held == null;
        }
    }

    /** What is wrong with the log, by file, the newest checkpoint and its connection to the log included. */
    public List<String> logDamage() {
        List<String> damage = new ArrayList<>(log().damage(checkpointIndex()));
        if (kept.goodWith(checkpointIndex()).isEmpty()) {
            damage.addAll(log().configurationDamage());
        }
        hole().ifPresent(damage::add);
        return damage;
    }

    /** What is wrong with the checkpoints, by file. */
    public List<String> checkpointDamage() {
        List<String> damage = new ArrayList<>();
        for (Checkpoint checkpoint : Checkpoint.list(checkpoints())) {
            try {
                checkpoint.verify();
            } catch (CheckpointException e) {
                damage.add(String.valueOf(e.getMessage()));
            }
        }
        return damage;
    }

    /**
     * Refuses to start from the newest checkpoint if it is not what was written.
     *
     * @throws DamagedDataException naming the file
     */
    void refuseDamagedCheckpoint() {
        try {
            Checkpoint.list(checkpoints()).stream().findFirst().ifPresent(Checkpoint::verify);
        } catch (CheckpointException e) {
            throw new DamagedDataException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Removes what a purge left behind that a kill cut short; only under a checkpoint that is whole. */
    void finishPurge() {
        if (log().hasGap()) {
            refuseDamagedCheckpoint();
            log().finishPurge(checkpointIndex());
        }
    }

    /** Repairs a configuration that a full disk kept Ratis from writing, if that is safe. */
    void restoreConfiguration() {
        if (!log().configurationDamage().isEmpty()) {
            kept.restore(log().configuration(), checkpointIndex());
        }
    }

    /** How many finished checkpoints there are. */
    public int checkpointCount() {
        return Checkpoint.list(checkpoints()).size();
    }

    /** Without this, a router whose checkpoints are gone would wait for ever for entries that its log has no more. */
    void refuseHole() {
        hole().ifPresent(hole -> {
            throw new DamagedDataException(hole);
        });
    }

    private long checkpointIndex() {
        return Checkpoint.list(checkpoints()).stream()
                .findFirst()
                .map(newest -> newest.position().index())
                .orElse(StoredLog.NOTHING);
    }

    private Optional<String> hole() {
        long next = checkpointIndex() + 1;
        long first = log().firstIndex().orElse(next);
        return first <= next
                ? Optional.empty()
                : Optional.of("the log in " + log().directory() + " starts at entry " + first
                        + ", but the newest checkpoint in " + checkpoints() + " needs entry " + next);
    }
}
