package io.peerlink.statemachine.snapshot;

import io.peerlink.state.v1.CheckpointFile;
import io.peerlink.state.v1.CheckpointManifest;
import io.peerlink.statemachine.LogPosition;
import io.peerlink.statemachine.store.RocksStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeMap;

/**
 * Makes checkpoints of the open database: under a temporary name until everything is on disk. {@link #write} belongs to the
 * apply thread, which stands still meanwhile; {@link #prepare} takes most of the work off it.
 */
public final class CheckpointWriter {
    private final RocksStore store;
    private final int format;
    /** Table files of the open database that were read before, by path. */
    private volatile Map<Path, CheckpointFile> prepared = Map.of();

    /**
     * @param format layout of the tables
     */
    public CheckpointWriter(RocksStore store, int format) {
        this.store = store;
        this.format = format;
    }

    /**
     * Writes what is in memory to table files, syncs and reads them, so that the next {@link #write} only has to do so with
     * what came since. One thread at a time, other than the apply thread.
     */
    public void prepare() {
        store.visitTables(files -> {
            Map<Path, CheckpointFile> known = prepared;
            Map<Path, CheckpointFile> now = new TreeMap<>();
            for (Path file : files) {
                if (CheckpointFiles.isTable(file)) {
                    CheckpointFile described = known.get(file);
                    if (described == null) {
                        CheckpointFiles.sync(file);
                        described = CheckpointFiles.describe(file);
                    }
                    now.put(file, described);
                }
            }
            prepared = now;
        });
    }

    /** Makes {@code parent/<term>_<index>}, unless it is there already. */
    public Checkpoint write(Path parent, LogPosition position) {
        String name = position.term() + "_" + position.index();
        Checkpoint checkpoint = new Checkpoint(parent.resolve(name), position);
        if (Files.isRegularFile(checkpoint.directory().resolve(Manifest.FILE_NAME))) {
            return checkpoint;
        }
        CheckpointFiles.delete(checkpoint.directory());
        Path temporary = parent.resolve(".tmp-" + name);
        CheckpointFiles.recreate(temporary);
        CheckpointFiles.delete(temporary);
        store.copyTo(temporary);
        Map<String, CheckpointFile> known = preparedTables(temporary);
        known.putAll(knownTables(parent, temporary));
        CheckpointManifest.Builder manifest = CheckpointManifest.newBuilder()
                .setFormat(format)
                .setTerm(position.term())
                .setIndex(position.index());
        for (Path file : CheckpointFiles.list(temporary)) {
            CheckpointFile described = known.get(file.getFileName().toString());
            manifest.addFiles(described == null ? CheckpointFiles.describe(file) : described);
            CheckpointFiles.sync(file);
        }
        Manifest.write(temporary, manifest.build());
        CheckpointFiles.sync(temporary.resolve(Manifest.FILE_NAME));
        CheckpointFiles.sync(temporary);
        try {
            Files.move(temporary, checkpoint.directory(), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new CheckpointException("cannot rename " + temporary, e);
        }
        CheckpointFiles.sync(parent);
        return checkpoint;
    }

    private Map<String, CheckpointFile> preparedTables(Path temporary) {
        Map<String, CheckpointFile> known = new TreeMap<>();
        prepared.forEach((path, file) -> {
            if (isSameFile(path, temporary.resolve(file.getName()))) {
                known.put(file.getName(), file);
            }
        });
        return known;
    }

    /** Table files that the newest checkpoint holds too (the same file, by hard link): no need to read them again. */
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
