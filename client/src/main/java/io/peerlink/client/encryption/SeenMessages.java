package io.peerlink.client.encryption;

import io.peerlink.client.encryption.Opener.Source;
import io.peerlink.client.identity.LineFile;
import io.peerlink.protocol.v1.SealedHeader;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which sealed messages were opened, and at which place of their conversation: the same one at another place is a replay. Kept
 * in a file of lines {@code sender session.sequence place}, so that it survives the process. A line that a crash loses means at worst
 * that a replay goes unnoticed, so the file is not synced.
 *
 * <p>Bound: the newest {@value #MESSAGES_MAX}; twice as many lines in the file. Thread-safe.
 */
final class SeenMessages {
    static final int MESSAGES_MAX = 100_000;
    private static final long BYTES_MAX = 64 << 20;

    private final LineFile file;
    private final Map<String, Long> places = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MESSAGES_MAX;
        }
    };
    private boolean loaded;
    private int lines;

    /** Of this peer. The file is read when it is needed first. */
    SeenMessages(Path directory, String peer) {
        this.file = new LineFile(directory.resolve("seen").resolve(peer), "opened messages", BYTES_MAX);
    }

    /**
     * Remembers that a message stands at this place, unless it was seen at another one. In a history, which is read backwards,
     * the lower place is the original's.
     *
     * @return whether it was seen at another place
     * @throws io.peerlink.client.PeerLinkException BAD_IDENTITY if the file cannot be read or written
     */
    synchronized boolean isReplay(SealedHeader header, long place, Source source) {
        load();
        String message = header.getSender() + " "
                + HexFormat.of().formatHex(header.getSession().toByteArray()) + "."
                + Long.toUnsignedString(header.getSequence());
        Long known = places.get(message);
        if (known != null && known == place) {
            return false;
        }
        if (known != null && (source == Source.DELIVERY || known < place)) {
            return true;
        }
        places.put(message, place);
        add(message + " " + place);
        return false;
    }

    private void add(String line) {
        if (lines >= 2 * MESSAGES_MAX) {
            List<String> kept = places.entrySet().stream()
                    .map(seen -> seen.getKey() + " " + seen.getValue())
                    .toList();
            file.replace(kept);
            lines = kept.size();
        } else {
            file.append(line, false);
            lines++;
        }
    }

    private void load() {
        if (!loaded) {
            List<String> stored = file.lines();
            stored.forEach(this::read);
            lines = stored.size();
            loaded = true;
        }
    }

    /** Skips what a crash left half-written. */
    private void read(String line) {
        int end = line.lastIndexOf(' ');
        if (end > 0 && line.substring(end + 1).matches("[0-9]{1,18}")) {
            places.put(line.substring(0, end), Long.parseLong(line.substring(end + 1)));
        }
    }
}
