package io.peerlink.server.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KeptConfigurationTest {
    @TempDir
    private Path directory;

    private KeptConfiguration kept;
    private Path original;

    @BeforeEach
    void write() throws IOException {
        kept = KeptConfiguration.in(directory);
        LogEntryProto entry = LogEntryProto.newBuilder()
                .setTerm(2)
                .setIndex(7)
                .setConfigurationEntry(RaftConfigurationProto.getDefaultInstance())
                .build();
        original = Files.write(directory.resolve("raft-meta.conf"), entry.toByteArray());
    }

    @Test
    void whatWasCutOffIsRestored() throws IOException {
        byte[] whole = Files.readAllBytes(original);
        kept.keep(original, 40);
        Files.write(original, new byte[0]);
        assertThat(KeptConfiguration.isWhole(original)).isFalse();
        kept.restore(original, 40);
        assertThat(original).hasBinaryContent(whole);
    }

    @Test
    void whatIsNotWholeIsToldAndNotKept() throws IOException {
        kept.keep(original, 40);
        byte[] copy = Files.readAllBytes(kept.file());
        Files.write(original, new byte[0]);
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> kept.keep(original, 41));
        assertThat(kept.file()).hasBinaryContent(copy);
    }

    @Test
    void aCopyThatCannotBeWrittenIsToldAndTheOldOneStays() throws IOException {
        kept.keep(original, 40);
        byte[] copy = Files.readAllBytes(kept.file());
        Files.createDirectory(directory.resolve("configuration.kept.new"));
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> kept.keep(original, 41));
        assertThat(kept.file()).hasBinaryContent(copy);
    }

    @Test
    void aCopyFromBeforeTheNewestCheckpointIsNotUsed() throws IOException {
        kept.keep(original, 40);
        Files.write(original, new byte[0]);
        kept.restore(original, 41);
        assertThat(original).isEmptyFile();
    }

    @Test
    void aDamagedOrMissingCopyIsNotUsed() throws IOException {
        assertThat(kept.goodWith(-1)).isEmpty();
        Files.write(kept.file(), new byte[20]);
        assertThat(kept.goodWith(-1)).isEmpty();
    }
}
