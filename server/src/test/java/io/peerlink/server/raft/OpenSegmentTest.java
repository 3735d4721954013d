package io.peerlink.server.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerlink.server.raft.OpenSegment.Tail;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OpenSegmentTest {
    private static final int HEADER_BYTES = 8;
    private static final int ENTRY_BYTES = 300;
    /** A two-byte length, the entry, its checksum. */
    private static final int STORED_BYTES = 2 + ENTRY_BYTES + 4;

    private static final int ENTRIES = 5;
    private static final int PREALLOCATED = 4096;

    @TempDir
    private Path directory;

    @Test
    void wholeEntriesAreClean() throws IOException {
        assertThat(inspect(segment())).isEqualTo(new Seen(Tail.CLEAN, HEADER_BYTES + ENTRIES * STORED_BYTES));
    }

    @Test
    void everyCutInsideTheLastEntryIsAnUnfinishedEntry() throws IOException {
        byte[] whole = segment();
        int lastEntry = HEADER_BYTES + (ENTRIES - 1) * STORED_BYTES;
        for (int cut = lastEntry + 2; cut < lastEntry + STORED_BYTES; cut++) {
            byte[] torn = whole.clone();
            Arrays.fill(torn, cut, torn.length, (byte) 0);

            Seen seen = inspect(torn);

            // A cut in the middle of zeros, or of a checksum that ends in one, leaves nothing missing.
            if (!Arrays.equals(torn, whole)) {
                assertThat(seen).as("cut at %d", cut).isEqualTo(new Seen(Tail.UNFINISHED_ENTRY, lastEntry));
            }
        }
    }

    @Test
    void everyFlippedBitBeforeTheLastEntryIsDamage() throws IOException {
        byte[] whole = segment();
        Random random = new Random(1);
        for (int i = 0; i < 300; i++) {
            byte[] flipped = whole.clone();
            int at = random.nextInt(HEADER_BYTES + (ENTRIES - 1) * STORED_BYTES);
            flipped[at] ^= (byte) (1 << random.nextInt(8));

            assertThat(inspect(flipped).tail()).as("flip at %d", at).isEqualTo(Tail.DAMAGED);
        }
    }

    @Test
    void flippedBitInTheLastWholeEntryIsDamage() throws IOException {
        byte[] whole = segment();
        whole[HEADER_BYTES + (ENTRIES - 1) * STORED_BYTES + 50] ^= 1;

        assertThat(inspect(whole).tail()).isEqualTo(Tail.DAMAGED);
    }

    @Test
    void zeroedMiddleIsDamage() throws IOException {
        byte[] whole = segment();
        Arrays.fill(whole, HEADER_BYTES + STORED_BYTES, HEADER_BYTES + 2 * STORED_BYTES, (byte) 0);

        assertThat(inspect(whole).tail()).isEqualTo(Tail.DAMAGED);
    }

    @Test
    void emptyFileAndMissingDirectoryAreClean() throws IOException {
        assertThat(inspect(new byte[PREALLOCATED]).tail()).isEqualTo(Tail.CLEAN);
        assertThat(OpenSegment.inspect(directory.resolve("none"))).isEmpty();
    }

    private record Seen(Tail tail, long offset) {}

    private Seen inspect(byte[] bytes) throws IOException {
        Files.write(directory.resolve("log_inprogress_0"), bytes);
        Files.write(directory.resolve("log_0-9"), new byte[] {1, 2, 3});
        OpenSegment.Finding finding = OpenSegment.inspect(directory).get(0);
        return new Seen(finding.tail(), finding.offset());
    }

    private static byte[] segment() throws IOException {
        Random random = new Random(7);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write("RaftLog1".getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < ENTRIES; i++) {
            byte[] entry = new byte[2 + ENTRY_BYTES];
            random.nextBytes(entry);
            entry[0] = (byte) ((ENTRY_BYTES & 0x7f) | 0x80);
            entry[1] = (byte) (ENTRY_BYTES >> 7);
            // Term 3 and the index, as Ratis' LogEntryProto starts.
            entry[2] = 1 << 3;
            entry[3] = 3;
            entry[4] = 2 << 3;
            entry[5] = (byte) i;
            CRC32C checksum = new CRC32C();
            checksum.update(entry);
            out.write(entry);
            out.write(ByteBuffer.allocate(4).putInt((int) checksum.getValue()).array());
        }
        return Arrays.copyOf(out.toByteArray(), HEADER_BYTES + ENTRIES * STORED_BYTES + PREALLOCATED);
    }
}
