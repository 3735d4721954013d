package io.peerlink.client.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.peerlink.client.ErrorCode;
import io.peerlink.client.PeerLinkException;
import io.peerlink.protocol.v1.BackupFile;
import io.peerlink.protocol.v1.BackupHeader;
import io.peerlink.protocol.v1.BackupPart;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A router that sends a backup does not decide where files go. */
final class BackupDownloadTest {
    @TempDir
    private Path directory;

    private static BackupPart header(String file, long sizeBytes) {
        return BackupPart.newBuilder()
                .setHeader(BackupHeader.newBuilder()
                        .setClusterId("acme")
                        .setRouterId("n1")
                        .addFiles(BackupFile.newBuilder().setName(file).setSizeBytes(sizeBytes)))
                .build();
    }

    private static BackupPart content(String text) {
        return BackupPart.newBuilder().setContent(ByteString.copyFromUtf8(text)).build();
    }

    private void assertBroken(BackupPart... parts) {
        BackupDownload download =
                new BackupDownload(directory.resolve("backup"), List.of(parts).iterator());
        assertThatThrownBy(download::run)
                .isInstanceOfSatisfying(
                        PeerLinkException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.PROTOCOL_VIOLATION));
        assertThat(directory.resolve("backup").resolve("backup.json")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ".", "..", "../out", "/tmp/out", "a/b", "a\\b", "a\u0000b", "a b", "a\"b", "backup.json"})
    void namesThatAreNotPlainAreRefusedBeforeAnythingIsWritten(String name) {
        assertBroken(header(name, 1), content("x"));
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void moreOrLessThanAnnouncedIsRefused() {
        assertBroken();
        assertBroken(header("table", 2), content("x"));
    }

    @Test
    void tooMuchIsRefused() {
        assertBroken(header("table", 1), content("xy"));
    }
}
