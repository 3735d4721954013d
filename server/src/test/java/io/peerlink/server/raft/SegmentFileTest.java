package io.peerlink.server.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peerlink.server.raft.SegmentFile.Tail;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.apache.ratis.server.RaftServerConfigKeys.Log.CorruptionPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SegmentFileTest {
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
        assertThat(new StoredLog(directory.resolve("none")).corruptionPolicy()).isEqualTo(CorruptionPolicy.EXCEPTION);
        assertThat(new StoredLog(directory.resolve("none")).firstIndex()).isEmpty();
    }

    @Test
    void onlyAnUnfinishedLastEntryAllowsCuttingOff() throws IOException {
        StoredLog log = new StoredLog(directory);
        byte[] torn = segment();
        Arrays.fill(torn, HEADER_BYTES + ENTRIES * STORED_BYTES - 20, torn.length, (byte) 0);
        byte[] flipped = segment();
        flipped[100] ^= 1;

        Files.writeString(directory.resolve("raft-meta"), "votedFor=n1\nterm=3\n");
        Files.write(directory.resolve("log_0-4"), segment());
        Files.write(directory.resolve("log_inprogress_5"), segment());
        assertThat(log.corruptionPolicy()).isEqualTo(CorruptionPolicy.EXCEPTION);
        assertThat(log.firstIndex()).hasValue(0);
        Files.write(directory.resolve("log_inprogress_5"), torn);
        assertThat(log.corruptionPolicy()).isEqualTo(CorruptionPolicy.WARN_AND_RETURN);
        Files.write(directory.resolve("log_0-4"), flipped);
        assertThatThrownBy(log::corruptionPolicy).hasMessageContaining("log_0-4 at byte");
        Files.write(directory.resolve("log_inprogress_5"), flipped);
        assertThatThrownBy(log::corruptionPolicy).hasMessageContaining("log_inprogress_5 at byte");
    }

    @Test
    void aPurgeThatWasCutShortIsFinishedUnderTheCheckpointOnly() throws IOException {
        StoredLog log = new StoredLog(directory);
        Files.writeString(directory.resolve("raft-meta"), "votedFor=n1\nterm=3\n");
        for (String name : List.of("log_0-4", "log_5-9", "log_15-19", "log_inprogress_20")) {
            Files.write(directory.resolve(name), segment());
        }
        log.finishPurge(8);
        assertThat(log.hasGap()).as("entry 9 is not in the checkpoint").isTrue();
        assertThatThrownBy(log::corruptionPolicy).hasMessageContaining("a segment is missing");
        log.finishPurge(14);
        assertThat(log.firstIndex()).hasValue(15);
        assertThat(log.corruptionPolicy()).isEqualTo(CorruptionPolicy.EXCEPTION);
        log.finishPurge(100);
        assertThat(log.firstIndex()).as("no gap, nothing to finish").hasValue(15);
    }

    @Test
    void aLogThatEndsBelowTheCheckpointIsRemoved() throws IOException {
        StoredLog log = new StoredLog(directory);
        Files.write(directory.resolve("log_0-4"), segment());
        Files.write(directory.resolve("log_inprogress_5"), segment());

        assertThat(log.endsBelow(StoredLog.NOTHING)).isFalse();
        assertThat(log.endsBelow(4)).isFalse();
        assertThat(log.endsBelow(9)).as("entry 10 follows entry 9").isFalse();
        assertThat(log.endsBelow(10)).isTrue();
        assertThatThrownBy(() -> log.removeCovered(10)).hasMessageContaining("raft-meta is missing");
        Files.writeString(directory.resolve("raft-meta"), "votedFor=n1\nterm=3\n");
        log.removeCovered(10);
        assertThat(log.firstIndex()).isEmpty();
        assertThat(directory.resolve("raft-meta")).as("the vote stays").exists();
    }

    @Test
    void aDamagedSegmentIsNotRemovedAsCovered() throws IOException {
        byte[] flipped = segment();
        flipped[100] ^= 1;
        Files.write(directory.resolve("log_inprogress_5"), flipped);
        assertThat(new StoredLog(directory).endsBelow(1000)).isFalse();
    }

    private record Seen(Tail tail, long offset) {}

    private Seen inspect(byte[] bytes) throws IOException {
        Path file = Files.write(directory.resolve("log_inprogress_0"), bytes);
        SegmentFile.Finding finding = SegmentFile.inspect(file);
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
