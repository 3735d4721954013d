package io.peerlink.client.encryption;

import io.peerlink.client.PeerLinkException;
import io.peerlink.client.encryption.Opener.Source;
import io.peerlink.client.identity.LineFile;
import io.peerlink.client.identity.LineFile.Extent;
import io.peerlink.protocol.v1.SealedHeader;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which sealed messages were opened, and at which place of their conversation. Kept in a file of lines
 * {@code sender session.sequence place}, with {@code history} behind it if the place is known from a history only, so that it
 * survives the process. Other processes of the peer write the file too: what they added is read before each look. A line that a
 * crash loses means at worst that a replay goes unnoticed, so the file is not synced; one that cannot be used is set aside.
 *
 * <p>Bound: the newest {@value #MESSAGES_MAX}, of at most 150 bytes each; twice as many lines in the file. Thread-safe.
 */
final class SeenMessages {
    static final int MESSAGES_MAX = 100_000;
    static final long BYTES_MAX = 64 << 20;

    private static final String HISTORY = " history";
    private static final Pattern LINE =
            Pattern.compile("([a-z0-9._-]{1,64} [0-9a-f]{32}\\.[0-9]{1,20}) ([0-9]{1,19})(" + HISTORY + ")?");

    private final LineFile file;
    private final Map<String, Place> places = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Place> eldest) {
            return size() > MESSAGES_MAX;
        }
    };
    private Extent read = Extent.NONE;
    private int lines;

    /** How a message stands to what was seen. */
    enum Sight {
        /** It was not here before, or in a history only. */
        NEW,
        /** It was here before, at this place. */
        AGAIN,
        /** It belongs to another place: a replay. */
        ELSEWHERE
    }

    /**
     * @param sequence in the conversation
     * @param source the better one of those that the place is known from
     */
    private record Place(long sequence, Source source) {
        String line(String message) {
            return message + " " + sequence + (source == Source.HISTORY ? HISTORY : "");
        }
    }

    /** Of this peer. The file is read when it is needed first. */
    SeenMessages(Path directory, String peer) {
        this.file = new LineFile(directory.resolve("seen").resolve(peer), "opened messages", BYTES_MAX);
    }

    /**
     * Remembers that a message stands at this place, unless it belongs to another one. A place where it was delivered stays. One
     * that is known from histories, which are read backwards, may still turn out to be a copy's: then the lower one counts.
     *
     * @param header of a legal sender's name and a session of 16 bytes
     * @throws PeerLinkException BAD_IDENTITY if the file cannot be locked or written
     */
    synchronized Sight see(SealedHeader header, long sequence, Source source) {
        String message = header.getSender() + " "
                + HexFormat.of().formatHex(header.getSession().toByteArray()) + "."
                + Long.toUnsignedString(header.getSequence());
        return file.locked(() -> {
            readOn();
            return see(message, new Place(sequence, source));
        });
    }

    private Sight see(String message, Place now) {
        Place known = places.get(message);
        if (known == null) {
            remember(message, now);
            return Sight.NEW;
        }
        boolean fixed = known.source() == Source.DELIVERY;
        if (known.sequence() == now.sequence()) {
            if (!fixed && now.source() == Source.DELIVERY) {
                remember(message, now);
            }
            return fixed ? Sight.AGAIN : Sight.NEW;
        }
        if (fixed || known.sequence() < now.sequence()) {
            return Sight.ELSEWHERE;
        }
        remember(message, now);
        return Sight.NEW;
    }

    private void remember(String message, Place place) {
        places.put(message, place);
        if (lines >= 2 * MESSAGES_MAX) {
            List<String> kept = places.entrySet().stream()
                    .map(seen -> seen.getValue().line(seen.getKey()))
                    .toList();
            file.replace(kept);
            lines = kept.size();
        } else {
            file.append(place.line(message), false);
            lines++;
        }
        read = file.extent();
    }

    /** Takes in what was written since; all of it if the file is another one. */
    private void readOn() {
        try {
            readOn(file.extent());
        } catch (PeerLinkException e) {
            file.setAside();
            read = Extent.NONE;
            lines = 0;
        }
    }

    private void readOn(Extent now) {
        if (!now.continues(read)) {
            places.clear();
            lines = 0;
            read = Extent.NONE;
        }
        if (now.bytes() > read.bytes()) {
            List<String> added = file.lines(read.bytes(), now.bytes());
            added.forEach(this::read);
            lines += added.size();
        }
        read = now;
    }

    /** Skips what a crash left half-written. */
    private void read(String line) {
        Matcher parts = LINE.matcher(line);
        if (parts.matches()) {
            try {
                Source source = parts.group(3) == null ? Source.DELIVERY : Source.HISTORY;
                places.put(parts.group(1), new Place(Long.parseLong(parts.group(2)), source));
            } catch (NumberFormatException e) {
                // Beyond any place: half-written, too.
                return;
            }
        }
    }
}
