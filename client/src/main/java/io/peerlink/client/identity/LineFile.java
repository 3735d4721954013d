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
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * A list in a file that only its owner may read (0600). Several processes may add lines at the same time. Immutable,
 * thread-safe.
 */
public final class LineFile {
    private final Path file;
    private final String what;
    private final long bytesMax;

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
     * Bytes in it; 0 if there is none.
     *
     * @throws PeerLinkException BAD_IDENTITY if it cannot be read
     */
    public long size() {
        try {
            return Files.size(file);
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IOException e) {
            throw bad("cannot be read", e);
        }
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
     * Adds a line at the end.
     *
     * @param durable whether it has to be there after a power cut
     * @throws PeerLinkException BAD_IDENTITY if it cannot be written
     */
    public void append(String line, boolean durable) {
        try (FileChannel channel = open(file, StandardOpenOption.APPEND)) {
            write(channel, line + "\n");
            if (durable) {
                channel.force(true);
            }
        } catch (IOException e) {
            throw bad("cannot be written", e);
        }
    }

    /**
     * Takes these lines for all that were there. A line that another process adds meanwhile may be lost.
     *
     * @throws PeerLinkException BAD_IDENTITY if it cannot be written
     */
    public void replace(List<String> lines) {
        Path next = file.resolveSibling(
                file.getFileName() + "." + ProcessHandle.current().pid());
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
