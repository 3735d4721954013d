package io.peerlink.server.raft;

import io.peerlink.server.config.ServerConfig;
import io.peerlink.server.identity.DataDirectory;
import io.peerlink.server.identity.StartRefusedException;
import io.peerlink.statemachine.StateMachine;
import io.peerlink.statemachine.snapshot.Checkpoint;
import io.peerlink.statemachine.snapshot.CheckpointException;
import io.peerlink.statemachine.snapshot.CheckpointFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A router's log and checkpoints, looked at while the router does not run. */
public final class StoredData {
    private static final Logger LOGGER = LoggerFactory.getLogger(StoredData.class);
    /** How the name begins that Ratis gives to the checkpoints which it replaces; a date follows. */
    private static final String ASIDE = "sm.tmp";

    private final Path group;
    private final KeptConfiguration kept;

    /** For the directory of one Raft group. */
    StoredData(Path group, KeptConfiguration kept) {
        this.group = group;
        this.kept = kept;
    }

    /** Where this configuration keeps them; there may be nothing yet. */
    public static StoredData of(ServerConfig config) {
        Path group = DataDirectory.log(config.dataDir())
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

    /** What is wrong with the checkpoints from which the next start goes on, by file. */
    public List<String> checkpointDamage() {
        List<String> damage = new ArrayList<>();
        for (Checkpoint checkpoint : Checkpoint.list(startsFrom())) {
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

    /**
     * Refuses state that this version reads differently from the one that wrote it: it would part from the others' later.
     *
     * @throws StartRefusedException naming both formats
     * @throws DamagedDataException if the newest checkpoint does not tell its format
     */
    void refuseOtherFormat() {
        Optional<Checkpoint> newest = Checkpoint.list(checkpoints()).stream().findFirst();
        try {
            newest.filter(checkpoint -> checkpoint.format() != StateMachine.FORMAT)
                    .ifPresent(checkpoint -> {
                        throw new StartRefusedException(
                                checkpoint.directory() + " is of format " + checkpoint.format()
                                        + ", this version reads format " + StateMachine.FORMAT,
                                "start the version that wrote it, or begin with an empty data directory");
                    });
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
        if (log().endsBelow(checkpointIndex())) {
            refuseDamagedCheckpoint();
            log().removeCovered(checkpointIndex());
        }
    }

    /**
     * Ratis puts a received checkpoint in place by setting {@code sm} aside and renaming the new one to it. After a kill
     * between the two, what was set aside comes back: it fits the log, and the leader sends the new one again. After a kill
     * behind the two, what was set aside goes.
     *
     * @throws DamagedDataException if it is not clear what to bring back
     */
    void finishInstall() {
        Path source = startsFrom();
        interruptedInstall().ifPresent(found -> LOGGER.warn("{}", found));
        if (source.equals(checkpoints())) {
            if (!setAside().isEmpty()) {
                refuseDamagedCheckpoint();
                setAside().forEach(CheckpointFiles::delete);
            }
            return;
        }
        try {
            CheckpointFiles.delete(checkpoints());
            Files.move(source, checkpoints(), StandardCopyOption.ATOMIC_MOVE);
            CheckpointFiles.sync(group);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot put back " + source, e);
        }
        refuseDamagedCheckpoint();
    }

    /**
     * What the next start puts right, if a checkpoint was being replaced when this router stopped.
     *
     * @throws DamagedDataException if it is not clear what to bring back
     */
    public Optional<String> interruptedInstall() {
        if (setAside().isEmpty()) {
            return Optional.empty();
        }
        Path source = startsFrom();
        return Optional.of(checkpoints() + " was being replaced when this router stopped: "
                + (source.equals(checkpoints()) ? setAside() + " is deleted" : source + " is put back"));
    }

    /** The directory of the checkpoints from which the next start goes on: what was set aside, if nothing took its place. */
    private Path startsFrom() {
        List<Path> aside = setAside();
        if (aside.isEmpty() || !Checkpoint.list(checkpoints()).isEmpty()) {
            return checkpoints();
        }
        List<Path> whole = aside.size() == 1
                ? aside
                : aside.stream().filter(StoredData::startsWhole).toList();
        if (whole.size() != 1) {
            throw new DamagedDataException("there is no " + checkpoints() + ", and " + whole.size() + " of " + aside
                    + " hold a checkpoint that is whole");
        }
        return whole.get(0);
    }

    private List<Path> setAside() {
        if (!exists()) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(group)) {
            return children.filter(child -> child.getFileName().toString().startsWith(ASIDE))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + group, e);
        }
    }

    private static boolean startsWhole(Path directory) {
        Optional<Checkpoint> newest = Checkpoint.list(directory).stream().findFirst();
        try {
            newest.ifPresent(Checkpoint::verify);
            return newest.isPresent();
        } catch (CheckpointException e) {
            return false;
        }
    }

    /** Repairs a configuration that a full disk kept Ratis from writing, if that is safe. */
    void restoreConfiguration() {
        if (!log().configurationDamage().isEmpty()) {
            kept.restore(log().configuration(), checkpointIndex());
        }
    }

    /** How many finished checkpoints there are to start from. */
    public int checkpointCount() {
        return Checkpoint.list(startsFrom()).size();
    }

    /** Without this, a router whose checkpoints are gone would wait for ever for entries that its log has no more. */
    void refuseHole() {
        hole().ifPresent(hole -> {
            throw new DamagedDataException(hole);
        });
    }

    private long checkpointIndex() {
        return Checkpoint.list(startsFrom()).stream()
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
                        + ", but the newest checkpoint in " + startsFrom() + " needs entry " + next);
    }
}
