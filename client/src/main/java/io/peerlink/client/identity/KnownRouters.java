package io.peerlink.client.identity;

import io.peerlink.client.ErrorCode;
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
     * What this router showed when it was seen first; empty if it was not seen yet. A line that a crash tore before the end of the
     * address says nothing of any router.
     *
     * @param address host:port
     * @throws PeerLinkException BAD_IDENTITY if the file cannot be read, or what it holds of this router is no fingerprint: as that
     *     cannot be compared, and to forget that the router was seen would be less safe
     */
    public Optional<String> fingerprint(String address) {
        String begin = address + " ";
        Optional<String> known = file.lines().stream()
                .filter(line -> line.startsWith(begin))
                .map(line -> line.substring(begin.length()).strip())
                .findFirst();
        if (known.isPresent() && !Fingerprint.isText(known.get())) {
            throw new PeerLinkException(
                    ErrorCode.BAD_IDENTITY,
                    "the line of " + address + " in the list of routers " + file.path() + " is damaged or cut off",
                    "Remove the line if that router's certificate may be trusted at first sight again.",
                    false);
        }
        return known;
    }

    /**
     * Whether the router was seen, even if what is known of it is damaged.
     *
     * @param address host:port
     */
    public boolean holds(String address) {
        return file.lines().stream().anyMatch(line -> line.startsWith(address + " "));
    }

    /**
     * Remembers a router that was not seen yet.
     *
     * @return what is known of it now: the first line counts
     * @throws PeerLinkException BAD_IDENTITY if it cannot be written
     */
    public String remember(String address, String fingerprint) {
        return file.locked(() -> {
            Optional<String> known = fingerprint(address);
            if (known.isEmpty()) {
                file.append(address + " " + fingerprint, true);
            }
            return known.orElse(fingerprint);
        });
    }
}
