package io.peerlink.statemachine.snapshot;

import io.peerlink.state.v1.CheckpointFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/** What checkpoints need of the file system; failures name the file. Stateless. */
public final class CheckpointFiles {
    private static final int BUFFER_BYTES = 1 << 16;

    private CheckpointFiles() {}

    /** Leaves an empty directory. */
    public static void recreate(Path directory) {
        delete(directory);
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new CheckpointException("cannot create " + directory, e);
        }
    }

    /** Deletes a directory with everything in it, if it is there. */
    public static void delete(Path tree) {
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> all = Files.walk(tree)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new CheckpointException("cannot delete " + tree, e);
        }
    }

    static List<Path> list(Path directory) {
        try (Stream<Path> children = Files.list(directory)) {
            return children.sorted().toList();
        } catch (IOException e) {
            throw new CheckpointException("cannot list " + directory, e);
        }
    }

    /** Size and checksum, from the bytes. */
    static CheckpointFile describe(Path file) {
        CRC32C crc = new CRC32C();
        long size = 0;
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                crc.update(buffer, 0, n);
                size += n;
            }
        } catch (IOException e) {
            throw new CheckpointException(file + " cannot be read", e);
        }
        return CheckpointFile.newBuilder()
                .setName(file.getFileName().toString())
                .setSizeBytes(size)
                .setCrc32C((int) crc.getValue())
                .build();
    }

    /** Fsyncs a file or a directory. */
    public static void sync(Path path) {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            throw new CheckpointException(path + " cannot be synced", e);
        }
    }

    /** Links table files, which nobody writes to again, and copies everything else (or where links do not work). */
    static void bring(Path from, Path to) {
        try {
            if (isTable(from) && link(from, to)) {
                return;
            }
            Files.copy(from, to);
        } catch (IOException e) {
            throw new CheckpointException(from + " cannot be copied to " + to, e);
        }
    }

    static boolean isTable(Path file) {
        return file.getFileName().toString().endsWith(".sst");
    }

    private static boolean link(Path from, Path to) {
        try {
            Files.createLink(to, from);
            return true;
        } catch (IOException | UnsupportedOperationException e) {
            // Another file system: the caller copies, and reports if that fails too.
            return false;
        }
    }
}
