package io.peerlink.integration.torture.ground;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A file system of the run's own, mounted below the directory for temporary files, in the name of this process. */
public final class Disk implements AutoCloseable {
    private static final String IMAGE_SIZE = "4G";
    /** EXT4_IOC_SHUTDOWN without writing the journal: everything that was not synced is gone, as when the power fails. */
    private static final String CUT =
            "my $flag = pack('I', 2); open(F, '<', $ARGV[0]) or die $!; ioctl(F, 0x8004587D, $flag) or die $!;";

    private final List<String> mount;
    private final Path directory;

    private Disk(Path directory, List<String> mount) {
        this.directory = directory;
        this.mount = mount;
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + directory, e);
        }
        attach();
    }

    private static Path place(String suffix) {
        return Path.of(System.getProperty("java.io.tmpdir"), Leftovers.name(suffix));
    }

    /** Why no disk can be made here, or empty. */
    static Optional<String> obstacle() {
        return Command.obstacle("mount", "umount", "losetup", "mkfs.ext4", "perl", "truncate");
    }

    /** An ext4 file system in a file. */
    static Disk image(Path file) {
        removeLeftovers();
        Command.run("truncate", "-s", IMAGE_SIZE, file.toString());
        Command.run("mkfs.ext4", "-q", "-F", file.toString());
        return new Disk(place("disk"), List.of("-o", "loop", file.toString()));
    }

    /** A small one in memory, to be filled. */
    static Disk small(long bytes) {
        removeLeftovers();
        return new Disk(place("full"), List.of("-t", "tmpfs", "-o", "size=" + bytes, "tmpfs"));
    }

    private static void removeLeftovers() {
        Path home = Path.of(System.getProperty("java.io.tmpdir"));
        try (Stream<Path> all = Files.list(home)) {
            for (Path left : all.filter(
                            path -> Leftovers.isOfDeadRun(path.getFileName().toString()))
                    .toList()) {
                Command.succeeds("umount", "-l", left.toString());
                Command.succeeds("rmdir", left.toString());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot look into " + home, e);
        }
    }

    public Path directory() {
        return directory;
    }

    private void attach() {
        Stream<String> words = Stream.of(Stream.of("mount"), mount.stream(), Stream.of(directory.toString()))
                .flatMap(part -> part);
        Command.run(words.toArray(String[]::new));
    }

    /** Drops what was not synced; nothing can be read or written until {@link #restorePower}. */
    public void cutPower(Path anyFileOnIt) {
        Command.run("perl", "-e", CUT, anyFileOnIt.toString());
    }

    public boolean isCut() {
        return !Command.succeeds("touch", directory.resolve("probe").toString());
    }

    /** Mounts it again: the journal is replayed. */
    public void restorePower() {
        Command.run("umount", directory.toString());
        attach();
    }

    /** Bytes that can still be written. */
    public long room() {
        try {
            return Files.getFileStore(directory).getUsableSpace();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot ask " + directory, e);
        }
    }

    @Override
    public void close() {
        // Lazily: a process that was just killed may hold it for another moment.
        Command.succeeds("umount", "-l", directory.toString());
        Command.succeeds("rmdir", directory.toString());
    }
}
