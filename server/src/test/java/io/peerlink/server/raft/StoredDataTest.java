package io.peerlink.server.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peerlink.server.identity.StartRefusedException;
import io.peerlink.statemachine.LogPosition;
import io.peerlink.statemachine.StateMachine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills in the middle of Ratis' putting a received checkpoint in place, made by hand. */
final class StoredDataTest {
    /** Behind the checksum and the tag of the first field. */
    private static final int FORMAT_AT = Integer.BYTES + 1;

    @TempDir
    private Path directory;

    private Path group;
    private StoredData stored;

    @BeforeEach
    void layOut() throws IOException {
        group = Files.createDirectory(directory.resolve("group"));
        stored = new StoredData(group, KeptConfiguration.in(group));
    }

    @Test
    void checkpointsSetAsideComeBackIfNothingTookTheirPlace() throws IOException {
        checkpoint("sm.tmp20260101-000000", 5);
        stored.finishInstall();
        assertThat(group.resolve("sm/1_5")).isDirectory();
        assertThat(stored.checkpointCount()).isOne();
        assertThat(group.resolve("sm.tmp20260101-000000")).doesNotExist();
    }

    @Test
    void anEmptyDirectoryIsNoReplacement() throws IOException {
        Files.createDirectory(group.resolve("sm"));
        checkpoint("sm.tmp20260101-000000", 5);
        stored.finishInstall();
        assertThat(group.resolve("sm/1_5")).isDirectory();
    }

    @Test
    void checkpointsSetAsideGoOnceTheNewOneIsInPlace() throws IOException {
        checkpoint("sm.tmp20260101-000000", 5);
        checkpoint("sm", 9);
        stored.finishInstall();
        assertThat(group.resolve("sm/1_9")).isDirectory();
        assertThat(group.resolve("sm.tmp20260101-000000")).doesNotExist();
    }

    @Test
    void ofSeveralTheOnlyWholeOneComesBack() throws IOException {
        checkpoint("sm.tmp20260101-000000", 5);
        Files.createDirectory(group.resolve("sm.tmp20260102-000000"));
        stored.finishInstall();
        assertThat(group.resolve("sm/1_5")).isDirectory();
    }

    @Test
    void twoWholeOnesAreNotChosenFrom() throws IOException {
        checkpoint("sm.tmp20260101-000000", 5);
        checkpoint("sm.tmp20260102-000000", 9);
        assertThatThrownBy(stored::finishInstall).isInstanceOf(DamagedDataException.class);
        assertThat(group.resolve("sm.tmp20260101-000000/1_5")).isDirectory();
        assertThat(group.resolve("sm.tmp20260102-000000/1_9")).isDirectory();
    }

    @Test
    void stateOfAnotherFormatIsRefused() throws IOException {
        checkpoint("sm", 5);
        stored.refuseOtherFormat();
        Path manifest = group.resolve("sm/1_5/MANIFEST.peerlink");
        ByteBuffer content = ByteBuffer.wrap(Files.readAllBytes(manifest));
        assertThat(content.get(FORMAT_AT)).isEqualTo((byte) StateMachine.FORMAT);
        content.put(FORMAT_AT, (byte) 1);
        CRC32C crc = new CRC32C();
        crc.update(content.array(), Integer.BYTES, content.capacity() - Integer.BYTES);
        content.putInt(0, (int) crc.getValue());
        Files.write(manifest, content.array());
        assertThatThrownBy(stored::refuseOtherFormat)
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("is of format 1");
    }

    @Test
    void aLogThatEndsBelowTheCheckpointGoesButForItsVote() throws IOException {
        checkpoint("sm", 9);
        Path segment = logUpToEntry4();
        stored.finishPurge();
        assertThat(segment).doesNotExist();
        assertThat(segment.resolveSibling("raft-meta")).exists();
    }

    @Test
    void aLogStaysIfTheCheckpointAboveItIsNotWhole() throws IOException {
        checkpoint("sm", 9);
        Path segment = logUpToEntry4();
        Files.delete(group.resolve("sm/1_9/CURRENT"));
        assertThatThrownBy(stored::finishPurge)
                .isInstanceOf(DamagedDataException.class)
                .hasMessageContaining("CURRENT is missing");
        assertThat(segment).exists();
    }

    private Path logUpToEntry4() throws IOException {
        Path log = Files.createDirectory(group.resolve("current"));
        Files.writeString(log.resolve("raft-meta"), "votedFor=n1\nterm=1\n");
        return Files.createFile(log.resolve("log_0-4"));
    }

    private void checkpoint(String parent, long index) throws IOException {
        Path target = Files.createDirectories(group.resolve(parent));
        try (StateMachine machine = StateMachine.open(directory.resolve("live-" + index), null)) {
            machine.checkpoint(target, new LogPosition(1, index));
        }
    }
}
