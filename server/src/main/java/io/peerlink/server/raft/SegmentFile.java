package io.peerlink.server.raft;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Looks at a segment of the Raft log before Ratis does. A router killed in the middle of a write leaves a last entry that
 * breaks off into the zeros Ratis preallocates: normal, it was never acknowledged, and it may be cut off. Any other damage
 * may have hit acknowledged entries. {@link StoredLog} decides what follows.
 *
 * <p>Format (Ratis 3.3.0, SegmentedRaftLogFormat): header {@code RaftLog1}, then entries of varint length, bytes, and
 * CRC-32C over both as 4 bytes big-endian; zeros to the end of the file. One damage stays unseen: a last entry that was
 * whole, and whose length now points beyond what was written, looks like an unfinished one.
 */
final class SegmentFile {
    private static final byte[] HEADER = "RaftLog1".getBytes(StandardCharsets.US_ASCII);
    private static final int CHECKSUM_BYTES = 4;
    private static final int VARINT_BYTES_MAX = 5;
    private static final byte TERM_TAG = 1 << 3;
    private static final byte INDEX_TAG = 2 << 3;

    /** What a segment is like. */
    enum Tail {
        /** Every entry is whole. */
        CLEAN,
        /** Only the last entry is unfinished. */
        UNFINISHED_ENTRY,
        /** Something else is wrong. */
        DAMAGED
    }

    /**
     * @param file the segment looked at
     * @param offset where the first bad entry starts; the end of the entries if there is none
     * @param entries how many whole ones come before that
     */
    record Finding(Path file, Tail tail, long offset, long entries) {}

    private final byte[] bytes;

    private SegmentFile(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Reads the whole file. */
    static Finding inspect(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(channel.size()));
            while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
                // Reads until the buffer is full or the file ends.
            }
            return new SegmentFile(Arrays.copyOf(buffer.array(), buffer.position())).scan(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private Finding scan(Path file) {
        int end = lastNonZero() + 1;
        int headerPresent = Math.min(HEADER.length, end);
        if (!Arrays.equals(HEADER, 0, headerPresent, bytes, 0, headerPresent)) {
            return new Finding(file, Tail.DAMAGED, 0, 0);
        }
        int offset = HEADER.length;
        long entries = 0;
        while (offset < end) {
            int entryEnd = entryEnd(offset);
            if (entryEnd > 0 && entryEnd <= bytes.length && checksumMatches(offset, entryEnd)) {
                offset = entryEnd;
                entries++;
            } else {
                boolean unfinished = breaksOff(entryEnd, end) && !wholeEntryFollows(offset, end);
                return new Finding(file, unfinished ? Tail.UNFINISHED_ENTRY : Tail.DAMAGED, offset, entries);
            }
        }
        return new Finding(file, Tail.CLEAN, offset, entries);
    }

    /**
     * Whether a bad entry is one that was never finished: what was written ends inside it. A finished entry ends with a
     * checksum, which is not zero but for one in four billion.
     *
     * @param entryEnd where the entry should end; negative if even its length makes no sense
     * @param end where the bytes that were written end
     */
    private static boolean breaksOff(int entryEnd, int end) {
        return end < entryEnd;
    }

    /**
     * Whether a whole entry lies behind a bad one: then the bad one is not the last, and its length was damaged. Every entry
     * starts with the fields term (1) and index (2), so almost no place needs its checksum computed.
     */
    private boolean wholeEntryFollows(int badOffset, int end) {
        for (int offset = badOffset + 1; offset < end; offset++) {
            int entryEnd = entryEnd(offset);
            if (entryEnd > 0
                    && entryEnd <= end
                    && startsWithTermAndIndex(offset)
                    && checksumMatches(offset, entryEnd)) {
                return true;
            }
        }
        return false;
    }

    private boolean startsWithTermAndIndex(int offset) {
        int term = skipVarint(offset);
        if (term >= bytes.length || bytes[term] != TERM_TAG) {
            return false;
        }
        int index = skipVarint(term + 1);
        return index < bytes.length && bytes[index] == INDEX_TAG;
    }

    private int skipVarint(int offset) {
        int next = offset;
        while (next < bytes.length && bytes[next] < 0) {
            next++;
        }
        return next + 1;
    }

    /** Where the entry at this offset ends by its own length, or -1 if the length is not a sane number. */
    private int entryEnd(int offset) {
        int length = 0;
        for (int i = 0; i < VARINT_BYTES_MAX && offset + i < bytes.length; i++) {
            int next = bytes[offset + i];
            length |= (next & 0x7f) << (7 * i);
            if (next >= 0) {
                long end = (long) offset + i + 1 + length + CHECKSUM_BYTES;
                return length > 0 && end <= Integer.MAX_VALUE ? (int) end : -1;
            }
        }
        return -1;
    }

    private boolean checksumMatches(int offset, int entryEnd) {
        int checksumAt = entryEnd - CHECKSUM_BYTES;
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, offset, checksumAt - offset);
        return (int) checksum.getValue() == ByteBuffer.wrap(bytes).getInt(checksumAt);
    }

    private int lastNonZero() {
        int i = bytes.length - 1;
        while (i >= 0 && bytes[i] == 0) {
            i--;
        }
        return i;
    }
}
