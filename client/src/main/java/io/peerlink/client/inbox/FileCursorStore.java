package io.peerlink.client.inbox;

import io.peerlink.client.CursorStore;
import io.peerlink.client.ErrorCode;
import io.peerlink.client.PeerLinkException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One cursor in one file, as one text line {@code sequence crc cluster peer} that is overwritten in place. No fsync: a
 * process crash loses nothing that was written, and after a power cut a torn line is recognised and counts as 0. Guarded by
 * itself.
 */
public final class FileCursorStore implements CursorStore {
    private final Path file;
    private @Nullable FileChannel channel;

    /** Opens nothing yet. */
    public FileCursorStore(Path file) {
        this.file = file;
    }

    @Override
    public synchronized long load(String clusterId, String peer) {
        try {
            if (!Files.exists(file)) {
                return 0;
            }
            String text = Files.readString(file, StandardCharsets.UTF_8);
            int space = text.indexOf(' ');
            if (space < 1) {
                return 0;
            }
            long sequence = Long.parseLong(text.substring(0, space));
            return text.equals(line(clusterId, peer, sequence)) ? sequence : 0;
        } catch (NumberFormatException e) {
            return 0;
        } catch (IOException e) {
            throw failed("read", e);
        }
    }

    @Override
    public synchronized void save(String clusterId, String peer, long inboxSequence) {
        try {
            FileChannel open = channel;
            if (open == null) {
                open = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                // What an earlier cluster or peer with a longer name left behind.
                open.truncate(0);
                channel = open;
            }
            ByteBuffer line =
                    ByteBuffer.wrap(line(clusterId, peer, inboxSequence).getBytes(StandardCharsets.UTF_8));
            for (int at = 0; line.hasRemaining(); ) {
                at += open.write(line, at);
            }
        } catch (IOException e) {
            throw failed("write", e);
        }
    }

    private static String line(String clusterId, String peer, long sequence) {
        String rest = clusterId + " " + peer;
        CRC32C crc = new CRC32C();
        crc.update((sequence + " " + rest).getBytes(StandardCharsets.UTF_8));
        return String.format("%020d %08x %s%n", sequence, crc.getValue(), rest);
    }

    private PeerLinkException failed(String what, IOException e) {
        return new PeerLinkException(
                ErrorCode.INTERNAL, "cannot " + what + " the cursor file " + file + ": " + e.getMessage(), "", true, e);
    }
}
