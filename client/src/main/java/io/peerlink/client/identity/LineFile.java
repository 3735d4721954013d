package io.peerlink.client.identity;

import io.peerlink.client.ErrorCode;
import io.peerlink.client.PeerLinkException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A list in a file that only its owner may read (0600). Several processes may add lines at the same time. Immutable,
 * thread-safe.
 */
public final class LineFile {
    private static final Logger LOGGER = LoggerFactory.getLogger(LineFile.class);
    /** The system's file locks are between processes only. */
    private static final Object JVM_LOCK = new Object();

    private final Path file;
    private final String what;
    private final long bytesMax;

    /**
     * Which file there is, and how far it has grown.
     *
     * @param bytes in it; 0 if there is none
     * @param key of the file; null if there is none, or the file system gives none
     */
    public record Extent(long bytes, @Nullable Object key) {
        /** Of no file. */
        public static final Extent NONE = new Extent(0, null);

        /** Whether this is the same file as then, or the first one, with at most more lines. */
        public boolean continues(Extent then) {
            return then.bytes == 0 || (Objects.equals(key, then.key) && bytes >= then.bytes);
        }
    }

    /**
     * @param what it is a list of, for people
     * @param bytesMax a file beyond it is not ours
     */
    public LineFile(Path file, String what, long bytesMax) {
        this.file = file.toAbsolutePath();
        this.what = what;
        this.bytesMax = bytesMax;
    }

    Path path() {
        return file;
    }

    /**
     * All lines; none if there is no file.
     *
     * @throws PeerLinkException BAD_IDENTITY if it cannot be read
     */
    public List<String> lines() {
        try {
            if (Files.size(file) > bytesMax) {
                throw new IOException("it is too large");
            }
            return Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw bad("cannot be read", e);
        }
    }

    /**
     * How far it has grown.
     *
     * @throws PeerLinkException BAD_IDENTITY if it cannot be looked at
     */
    public Extent extent() {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new Extent(attributes.size(), attributes.fileKey());
        } catch (NoSuchFileException e) {
            return Extent.NONE;
        } catch (IOException e) {
            throw bad("cannot be read", e);
        }
    }

    /**
     * What stands between these places. Bytes that are no ASCII become other characters.
     *
     * @param from in bytes, the start of a line
     * @param to in bytes
     * @throws PeerLinkException BAD_IDENTITY if it cannot be read, or is too large
     */
    public List<String> lines(long from, long to) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (to > bytesMax) {
                throw new IOException("it is too large");
            }
            ByteBuffer bytes = ByteBuffer.allocate((int) (to - from));
            while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) >= 0) {
                // On to the rest.
            }
            return new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII)
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw bad("cannot be read", e);
        }
    }

    /**
     * Puts the file beside its place, as {@code .NAME.old}, so that a new list begins.
     *
     * @throws PeerLinkException BAD_IDENTITY if it cannot be moved
     */
    public void setAside() {
        Path old = beside("old");
        try {
            Files.move(file, old, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            LOGGER.warn("the list of {} {} cannot be used; it is {} now, and a new one begins", what, file, old);
        } catch (IOException e) {
            throw bad("cannot be moved", e);
        }
    }

    /**
     * Does this while no other instance, in this process or another, is in here for the same file. Not to be nested.
     *
     * @throws PeerLinkException BAD_IDENTITY if the file system cannot lock
     */
    public <T> T locked(Supplier<T> action) {
        synchronized (JVM_LOCK) {
            try (FileChannel channel = open(beside("lock"), StandardOpenOption.WRITE)) {
                channel.lock();
                return action.get();
            } catch (IOException e) {
                throw bad("cannot be locked", e);
            }
        }
    }

    // No legal name starts with a dot: what is beside one peer's file is not another's.
    private Path beside(String suffix) {
        return file.resolveSibling("." + file.getFileName() + "." + suffix);
    }

    /**
     * Adds a line at the end; not to what a crash left of another one.
     *
     * @param durable whether it has to be there after a power cut
     * @throws PeerLinkException BAD_IDENTITY if it cannot be written
     */
    public void append(String line, boolean durable) {
        try (FileChannel channel = open(file, StandardOpenOption.APPEND)) {
            write(channel, (endsWithLine() ? "" : "\n") + line + "\n");
            if (durable) {
                channel.force(true);
            }
        } catch (IOException e) {
            throw bad("cannot be written", e);
        }
    }

    private boolean endsWithLine() throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer last = ByteBuffer.allocate(1);
            long size = channel.size();
            return size == 0 || channel.read(last, size - 1) < 1 || last.get(0) == '\n';
        }
    }

    /**
     * Takes these lines for all that were there. A line that another process adds meanwhile, and not {@link #locked}, may be lost.
     *
     * @throws PeerLinkException BAD_IDENTITY if it cannot be written
     */
    public void replace(List<String> lines) {
        Path next = beside("new");
        try (FileChannel channel = open(next, StandardOpenOption.TRUNCATE_EXISTING)) {
            write(channel, String.join("\n", lines) + "\n");
            channel.force(true);
            Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw bad("cannot be written", e);
        }
    }

    private FileChannel open(Path path, StandardOpenOption how) throws IOException {
        SecretFile.createDirectory(Objects.requireNonNull(file.getParent(), "an absolute path"));
        Set<StandardOpenOption> options = EnumSet.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, how);
        return FileChannel.open(path, options, SecretFile.ownerOnly(path));
    }

    private static void write(FileChannel channel, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** What to say of a list with this problem. */
    PeerLinkException bad(String problem, Exception e) {
        return new PeerLinkException(
                ErrorCode.BAD_IDENTITY,
                "the list of " + what + " " + file + " " + problem + ": " + e.getMessage(),
                "",
                false,
                e);
    }
}
