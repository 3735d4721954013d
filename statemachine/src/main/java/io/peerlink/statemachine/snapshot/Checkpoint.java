package io.peerlink.statemachine.snapshot;

import io.peerlink.state.v1.CheckpointFile;
import io.peerlink.state.v1.CheckpointManifest;
import io.peerlink.statemachine.LogPosition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A checkpoint: a directory with a manifest. Its name is {@code <term>_<index>} where finished ones lie; immutable once it has
 * this name.
 *
 * @param directory where it lies
 * @param position the log position it covers
 */
public record Checkpoint(Path directory, LogPosition position) {
    private static final Pattern NAME = Pattern.compile("(\\d{1,18})_(\\d{1,18})");

    static Checkpoint at(Path parent, LogPosition position) {
        return new Checkpoint(parent.resolve(position.term() + "_" + position.index()), position);
    }

    /**
     * Gives a checkpoint that is complete and synced its name, in one step; it is on disk when this returns.
     *
     * @param parent where finished ones lie, on the same file system; holds none of this position
     */
    public Checkpoint moveTo(Path parent) {
        Checkpoint named = at(parent, position);
        // Left over from a transfer that broke off, if anything: a finished one is never made again.
        CheckpointFiles.delete(named.directory);
        try {
            Files.move(directory, named.directory, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new CheckpointException("cannot rename " + directory, e);
        }
        CheckpointFiles.sync(parent);
        return named;
    }

    /** Finished checkpoints under {@code parent}, newest first; temporary and foreign names are passed over. */
    public static List<Checkpoint> list(Path parent) {
        if (!Files.isDirectory(parent)) {
            return List.of();
        }
        List<Checkpoint> found = new ArrayList<>();
        try (Stream<Path> children = Files.list(parent)) {
            for (Path child : (Iterable<Path>) children::iterator) {
                Matcher name = NAME.matcher(child.getFileName().toString());
                if (name.matches() && Files.isRegularFile(child.resolve(Manifest.FILE_NAME))) {
                    found.add(new Checkpoint(
                            child, new LogPosition(Long.parseLong(name.group(1)), Long.parseLong(name.group(2)))));
                }
            }
        } catch (IOException e) {
            throw new CheckpointException("cannot list checkpoints in " + parent, e);
        }
        found.sort(Comparator.comparingLong(
                        (Checkpoint checkpoint) -> checkpoint.position().term())
                .thenComparingLong(checkpoint -> checkpoint.position().index())
                .reversed());
        return List.copyOf(found);
    }

    /** All files of the checkpoint, the manifest included, sorted, as they are to be shipped. */
    public List<Path> files() {
        // By the manifest, because Ratis lays checksum files of its own beside what it received.
        List<Path> files = new ArrayList<>();
        manifest().getFilesList().forEach(file -> files.add(directory.resolve(file.getName())));
        files.add(directory.resolve(Manifest.FILE_NAME));
        files.sort(Comparator.naturalOrder());
        return List.copyOf(files);
    }

    /**
     * Checks sizes and checksums of every file against the manifest.
     *
     * @throws io.peerlink.statemachine.snapshot.CheckpointException naming the file that is missing or damaged
     */
    public void verify() {
        CheckpointManifest manifest = manifest();
        if (manifest.getTerm() != position.term() || manifest.getIndex() != position.index()) {
            throw new CheckpointException(directory.resolve(Manifest.FILE_NAME) + " is of another checkpoint: "
                    + manifest.getTerm() + "_" + manifest.getIndex());
        }
        for (CheckpointFile file : manifest.getFilesList()) {
            Path path = directory.resolve(file.getName());
            if (!Files.isRegularFile(path)) {
                throw new CheckpointException(path + " is missing");
            }
            CheckpointFile found = CheckpointFiles.describe(path);
            if (found.getSizeBytes() != file.getSizeBytes()) {
                throw new CheckpointException(
                        path + " is damaged: " + found.getSizeBytes() + " bytes instead of " + file.getSizeBytes());
            }
            if (found.getCrc32C() != file.getCrc32C()) {
                throw new CheckpointException(path + " is damaged: wrong checksum");
            }
        }
    }

    /** A file of the checkpoint, as it must be. */
    public record Content(String name, long sizeBytes, int crc32c) {}

    /** All files of the checkpoint, the manifest included, in the order of {@link #files}. */
    public List<Content> contents() {
        return files().stream()
                .map(CheckpointFiles::describe)
                .map(file -> new Content(file.getName(), file.getSizeBytes(), file.getCrc32C()))
                .toList();
    }

    /** Layout of the tables. */
    public int format() {
        return manifest().getFormat();
    }

    /**
     * The same checkpoint in another place, which stays when this one is cleaned up: table files by hard link.
     *
     * @param parent exists; gets a directory of the same name
     */
    public Checkpoint linkTo(Path parent) {
        Path copy = parent.resolve(directory.getFileName());
        CheckpointFiles.recreate(copy);
        for (Path file : files()) {
            CheckpointFiles.bring(file, copy.resolve(file.getFileName()));
        }
        return new Checkpoint(copy, position);
    }

    /** Fsyncs every file and the directories; for checkpoints that came over the network. */
    public void sync() {
        files().forEach(CheckpointFiles::sync);
        CheckpointFiles.sync(directory);
        Path parent = directory.toAbsolutePath().getParent();
        if (parent != null) {
            CheckpointFiles.sync(parent);
        }
    }

    /** Fills a directory with the database of this checkpoint: table files by hard link, as they never change. */
    public void restoreTo(Path liveDirectory) {
        for (CheckpointFile file : manifest().getFilesList()) {
            CheckpointFiles.bring(directory.resolve(file.getName()), liveDirectory.resolve(file.getName()));
        }
    }

    CheckpointManifest manifest() {
        return Manifest.read(directory);
    }
}
