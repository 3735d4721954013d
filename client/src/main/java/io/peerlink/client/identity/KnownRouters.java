package io.peerlink.client.identity;

import io.peerlink.client.PeerLinkException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The certificates that routers showed when they were seen first: a file of lines {@code host:port fingerprint}, which only its
 * owner may read (0600). Read each time, as other processes write it too. Thread-safe.
 */
public final class KnownRouters {
    /** Much more than any user has; a file beyond it is not ours. */
    private static final long BYTES_MAX = 1 << 20;

    private final LineFile file;

    public KnownRouters(Path file) {
        this.file = new LineFile(file, "routers", BYTES_MAX);
    }

    /** {@code known_routers} beside the keys. */
    public static Path defaultFile() {
        return Identity.defaultDirectory().resolve("known_routers");
    }

    /** Where they are kept. */
    public Path file() {
        return file.path();
    }

    /**
     * What this router showed when it was seen first; empty if it was not seen yet.
     *
     * @param address host:port
     * @throws PeerLinkException BAD_IDENTITY if the file cannot be read
     */
    public Optional<String> fingerprint(String address) {
        String begin = address + " ";
        return file.lines().stream()
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
        file.append(address + " " + fingerprint, true);
        return fingerprint(address).orElse(fingerprint);
    }
}
