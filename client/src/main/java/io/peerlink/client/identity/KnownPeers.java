package io.peerlink.client.identity;

import io.peerlink.client.PeerLinkException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The identity keys of other peers, as they were seen first and as the user accepted them since: a file of lines
 * {@code peer key}, which only its owner may read (0600). A peer's last line counts; the ones before are its former keys. Other
 * processes write the file too: it is read again whenever it has grown. Thread-safe.
 *
 * <p>Not by cluster: its id is what routers say it is, and with another one they would make everybody a stranger.
 */
public final class KnownPeers {
    /** Some 100,000 peers; a file beyond it is not ours. */
    private static final long BYTES_MAX = 16 << 20;

    private final LineFile file;
    /** Peer to keys, the newest last; guarded by this. */
    private final Map<String, List<String>> keys = new HashMap<>();

    private long bytesRead;

    /** How a key stands to what is remembered of a peer. */
    public enum Standing {
        /** Nothing is remembered of the peer. */
        NEW,
        /** It is the one. */
        KNOWN,
        /** It was the one before the user accepted another. */
        FORMER,
        /** Another one is remembered. */
        OTHER
    }

    public KnownPeers(Path file) {
        this.file = new LineFile(file, "peers", BYTES_MAX);
    }

    /**
     * How the key stands to what is remembered.
     *
     * @throws PeerLinkException BAD_IDENTITY if the file cannot be read
     */
    public synchronized Standing standing(String peer, byte[] key) {
        List<String> known = known(peer);
        if (known.isEmpty()) {
            return Standing.NEW;
        }
        int place = known.lastIndexOf(text(key));
        if (place < 0) {
            return Standing.OTHER;
        }
        return place == known.size() - 1 ? Standing.KNOWN : Standing.FORMER;
    }

    /**
     * The key that counts; empty if nothing is remembered.
     *
     * @throws PeerLinkException BAD_IDENTITY if the file cannot be read, or holds something else
     */
    public synchronized Optional<byte[]> key(String peer) {
        List<String> known = known(peer);
        try {
            return known.isEmpty()
                    ? Optional.empty()
                    : Optional.of(Base64.getDecoder().decode(known.get(known.size() - 1)));
        } catch (IllegalArgumentException e) {
            throw file.bad("holds no key for " + peer, e);
        }
    }

    /**
     * Remembers the key if nothing is remembered of the peer; never overrides.
     *
     * @return how it stands then: never NEW
     * @throws PeerLinkException BAD_IDENTITY if the file cannot be read or written
     */
    public synchronized Standing rememberIfNew(String peer, byte[] key) {
        Standing before = standing(peer, key);
        if (before != Standing.NEW) {
            return before;
        }
        return file.locked(() -> {
            Standing now = standing(peer, key);
            if (now != Standing.NEW) {
                return now;
            }
            add(peer, key);
            return Standing.KNOWN;
        });
    }

    /**
     * Remembers a key that is the user's own or that the user accepted, in place of the one before; from now on it is the one that
     * counts.
     *
     * @throws PeerLinkException BAD_IDENTITY if it cannot be written
     */
    public synchronized void accept(String peer, byte[] key) {
        if (standing(peer, key) != Standing.KNOWN) {
            file.locked(() -> {
                if (standing(peer, key) != Standing.KNOWN) {
                    add(peer, key);
                }
                return key;
            });
        }
    }

    private void add(String peer, byte[] key) {
        file.append(peer + " " + text(key), true);
    }

    private List<String> known(String peer) {
        long bytes = file.extent().bytes();
        if (bytes != bytesRead) {
            keys.clear();
            file.lines().forEach(this::read);
            bytesRead = bytes;
        }
        return keys.getOrDefault(peer, List.of());
    }

    private void read(String line) {
        int end = line.lastIndexOf(' ');
        if (end > 0) {
            keys.computeIfAbsent(line.substring(0, end), any -> new ArrayList<>())
                    .add(line.substring(end + 1));
        }
    }

    private static String text(byte[] key) {
        return Base64.getEncoder().encodeToString(key);
    }
}
