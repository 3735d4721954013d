package io.peerlink.client.identity;

import io.peerlink.client.ErrorCode;
import io.peerlink.client.PeerLinkException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Key files: only their owner may read them (0600, in directories of 0700), and they are there complete or not at all. */
public final class SecretFile {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    private SecretFile() {}

    /**
     * The text of a key file.
     *
     * @throws PeerLinkException BAD_IDENTITY if it is missing, or others may read or write it
     */
    public static String read(Path file) {
        try {
            if (posix(file) && !Collections.disjoint(Files.getPosixFilePermissions(file), OTHERS)) {
                throw bad("the key file " + file + " can be read or written by others", "chmod 600 " + file, null);
            }
            return Files.readString(file, StandardCharsets.US_ASCII);
        } catch (NoSuchFileException e) {
            throw bad("there is no key file " + file, "Register the name on this machine, or copy its key here.", e);
        } catch (IOException e) {
            throw bad("the key file " + file + " cannot be read: " + e.getMessage(), "", e);
        }
    }

    /** What to say of one that does not hold what it should. */
    public static PeerLinkException damaged(Path file, Exception cause) {
        return bad("the key file " + file + " is damaged", "Restore it from a backup.", cause);
    }

    /**
     * Links a complete, synced file into place: a crash leaves all or nothing, and the first of two writers wins.
     *
     * @throws PeerLinkException BAD_IDENTITY if it cannot be written
     */
    public static void writeIfAbsent(Path file, String text) {
        Path directory = Objects.requireNonNull(file.getParent(), "a key file lies in a directory");
        try {
            createDirectory(directory);
            Path temporary = directory.resolve("." + file.getFileName() + "."
                    + Long.toHexString(ThreadLocalRandom.current().nextLong()));
            try {
                writeSynced(temporary, text.getBytes(StandardCharsets.US_ASCII));
                Files.createLink(file, temporary);
            } catch (FileAlreadyExistsException e) {
                // Another process was first; its key counts.
                return;
            } finally {
                Files.deleteIfExists(temporary);
            }
            sync(directory);
        } catch (IOException e) {
            throw bad("the key file " + file + " cannot be written: " + e.getMessage(), "", e);
        }
    }

    /**
     * The other files beside this one with such names, by name.
     *
     * @throws PeerLinkException BAD_IDENTITY if the directory cannot be read
     */
    public static List<Path> others(Path file, Pattern names) {
        Path directory = Objects.requireNonNull(file.getParent(), "a key file lies in a directory");
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(other -> !other.equals(file)
                            && names.matcher(String.valueOf(other.getFileName()))
                                    .matches())
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            throw bad("the key files in " + directory + " cannot be listed: " + e.getMessage(), "", e);
        }
    }

    /** Puts a key file in the place of another, at once or not at all. */
    static void replace(Path from, Path to) {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            // The new place first: after a power cut the key may be in both, but not in none.
            sync(Objects.requireNonNull(to.getParent(), "a key file lies in a directory"));
            sync(Objects.requireNonNull(from.getParent(), "a key file lies in a directory"));
        } catch (IOException e) {
            throw bad("the key file " + from + " cannot be moved to " + to + ": " + e.getMessage(), "", e);
        }
    }

    /** Makes it and what lacks above it, so that all of it is there after a power cut. */
    static void createDirectory(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        Path parent = directory.toAbsolutePath().getParent();
        if (parent != null) {
            createDirectory(parent);
        }
        if (posix(directory)) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } else {
            Files.createDirectories(directory);
        }
        if (parent != null) {
            sync(parent);
        }
    }

    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void writeSynced(Path file, byte[] bytes) throws IOException {
        Set<StandardOpenOption> options = EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(file, options, ownerOnly(file))) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    /** What makes a new file its owner's alone, where there are such rights. */
    static FileAttribute<?>[] ownerOnly(Path file) {
        return posix(file)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                : new FileAttribute<?>[0];
    }

    private static boolean posix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    private static PeerLinkException bad(String message, String hint, @Nullable Exception cause) {
        return cause == null
                ? new PeerLinkException(ErrorCode.BAD_IDENTITY, message, hint, false)
                : new PeerLinkException(ErrorCode.BAD_IDENTITY, message, hint, false, cause);
    }
}
