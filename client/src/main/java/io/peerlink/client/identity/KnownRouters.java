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
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The certificates that routers showed when they were seen first: a file of lines {@code host:port fingerprint}, which only its
 * owner may read (0600). Read each time, as other processes write it too. Thread-safe.
 */
public final class KnownRouters {
    /** Much more than any user has; a file beyond it is not ours. */
    private static final long BYTES_MAX = 1 << 20;

    private final Path file;

    public KnownRouters(Path file) {
        this.file = file.toAbsolutePath();
    }

    /** {@code known_routers} beside the keys. */
    public static Path defaultFile() {
        return Identity.defaultDirectory().resolve("known_routers");
    }

    /** Where they are kept. */
    public Path file() {
        return file;
    }

    /**
     * What this router showed when it was seen first; empty if it was not seen yet.
     *
     * @param address host:port
     * @throws PeerLinkException BAD_IDENTITY if the file cannot be read
     */
    public Optional<String> fingerprint(String address) {
        String begin = address + " ";
        return lines().stream()
                .filter(line -> line.startsWith(begin))
                .map(line -> line.substring(begin.length()).strip())
                .findFirst();
    }

    /**
     * Remembers a router that was not seen yet. Another process may do so at the same time: the first line counts.
     *
     * @return what is known of it now
     * @throws PeerLinkException BAD_IDENTITY if it cannot be written
     */
    public String remember(String address, String fingerprint) {
        Optional<String> known = fingerprint(address);
        if (known.isPresent()) {
            return known.get();
        }
        try (FileChannel channel = open()) {
            ByteBuffer line = ByteBuffer.wrap((address + " " + fingerprint + "\n").getBytes(StandardCharsets.UTF_8));
            while (line.hasRemaining()) {
                channel.write(line);
            }
            channel.force(true);
        } catch (IOException e) {
            throw bad("cannot be written", e);
        }
        return fingerprint(address).orElse(fingerprint);
    }

    private FileChannel open() throws IOException {
        Path directory = file.getParent();
        if (directory != null) {
            KeyFile.createDirectory(directory);
        }
        Set<StandardOpenOption> options = EnumSet.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        return FileChannel.open(file, options, KeyFile.ownerOnly(file));
    }

    private List<String> lines() {
        try {
            if (Files.size(file) > BYTES_MAX) {
                throw new IOException("it is too large");
            }
            return Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw bad("cannot be read", e);
        }
    }

    private PeerLinkException bad(String what, IOException e) {
        return new PeerLinkException(
                ErrorCode.BAD_IDENTITY,
                "the list of routers " + file + " " + what + ": " + e.getMessage(),
                "",
                false,
                e);
    }
}
