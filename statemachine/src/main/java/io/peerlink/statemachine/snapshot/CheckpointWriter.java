package io.peerlink.statemachine.snapshot;

import io.peerlink.state.v1.CheckpointFile;
import io.peerlink.state.v1.CheckpointManifest;
import io.peerlink.statemachine.LogPosition;
import io.peerlink.statemachine.store.RocksStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Makes checkpoints of the open database, which have no name until everything is on disk. */
public final class CheckpointWriter {
    private final RocksStore store;
    private final int format;
    private final Function<Path, LogPosition> positions;

    /**
     * @param format layout of the tables
     * @param positions tells of a database that is not open which entry it ends with
     */
    public CheckpointWriter(RocksStore store, int format, Function<Path, LogPosition> positions) {
        this.store = store;
        this.format = format;
        this.positions = positions;
    }

    /**
     * Makes a checkpoint while the apply thread goes on, complete but for its place: {@link Checkpoint#moveTo} gives it that.
     * It ends with an entry of the time of the call or a later one. One thread at a time.
     *
     * @param parent where finished ones lie; only read
     * @param place its directory for the time being; what is there is deleted
     */
    public Checkpoint prepare(Path parent, Path place) {
        CheckpointFiles.delete(place);
        store.copyTo(place);
        Checkpoint checkpoint = new Checkpoint(place, positions.apply(place));
        complete(checkpoint, parent);
        return checkpoint;
    }

    /** Makes {@code parent/<term>_<index>}, unless it is there already. Apply thread, which stands still meanwhile. */
    public Checkpoint write(Path parent, LogPosition position) {
        Checkpoint checkpoint = Checkpoint.at(parent, position);
        if (Files.isRegularFile(checkpoint.directory().resolve(Manifest.FILE_NAME))) {
            return checkpoint;
        }
        Path temporary = parent.resolve(".tmp-" + checkpoint.directory().getFileName());
        CheckpointFiles.recreate(temporary);
        CheckpointFiles.delete(temporary);
        store.copyTo(temporary);
        Checkpoint unnamed = new Checkpoint(temporary, position);
        complete(unnamed, parent);
        return unnamed.moveTo(parent);
    }

    /** Adds the manifest, and has all of it on disk. */
    private void complete(Checkpoint checkpoint, Path parent) {
        Path directory = checkpoint.directory();
        Map<String, CheckpointFile> known = knownTables(parent, directory);
        CheckpointManifest.Builder manifest = CheckpointManifest.newBuilder()
                .setFormat(format)
                .setTerm(checkpoint.position().term())
                .setIndex(checkpoint.position().index());
        for (Path file : CheckpointFiles.list(directory)) {
            CheckpointFile described = known.get(file.getFileName().toString());
            if (described == null) {
                CheckpointFiles.sync(file);
                described = CheckpointFiles.describe(file);
            }
            manifest.addFiles(described);
        }
        Manifest.write(directory, manifest.build());
        CheckpointFiles.sync(directory.resolve(Manifest.FILE_NAME));
        CheckpointFiles.sync(directory);
    }

    /** Table files that the newest checkpoint holds too (the same file, by hard link): synced and read when that was made. */
    private static Map<String, CheckpointFile> knownTables(Path parent, Path temporary) {
        Map<String, CheckpointFile> known = new TreeMap<>();
        for (Checkpoint newest : Checkpoint.list(parent).stream().limit(1).toList()) {
            for (CheckpointFile file : newest.manifest().getFilesList()) {
                Path now = temporary.resolve(file.getName());
                Path before = newest.directory().resolve(file.getName());
                if (CheckpointFiles.isTable(now) && isSameFile(before, now)) {
                    known.put(file.getName(), file);
                }
            }
        }
        return known;
    }

    private static boolean isSameFile(Path before, Path now) {
        try {
            return Files.isSameFile(before, now);
        } catch (NoSuchFileException e) {
            // The open database drops tables at any moment.
            return false;
        } catch (IOException e) {
            throw new CheckpointException("cannot compare " + before + " and " + now, e);
        }
    }
}
