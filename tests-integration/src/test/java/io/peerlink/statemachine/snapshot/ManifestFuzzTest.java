package io.peerlink.statemachine.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.peerlink.state.v1.CheckpointFile;
import io.peerlink.state.v1.CheckpointManifest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A checkpoint's manifest, as it may have come over the network: it is refused, or names files in its directory, each once. */
final class ManifestFuzzTest {
    private Path directory = Path.of("");

    @BeforeEach
    void makeDirectory() throws IOException {
        directory = Files.createTempDirectory("manifest");
    }

    @AfterEach
    void deleteDirectory() {
        CheckpointFiles.delete(directory);
    }

    /** The first byte decides whether the checksum is put right, which no mutation finds by itself. */
    @FuzzTest
    void isRefusedOrStaysInItsDirectory(byte[] input) throws IOException {
        byte[] content = input;
        if (input.length > Integer.BYTES && input[0] != 0) {
            CRC32C crc = new CRC32C();
            crc.update(input, Integer.BYTES, input.length - Integer.BYTES);
            content = input.clone();
            ByteBuffer.wrap(content).putInt((int) crc.getValue());
        }
        Files.write(directory.resolve(Manifest.FILE_NAME), content);
        CheckpointManifest manifest;
        try {
            manifest = Manifest.read(directory);
        } catch (CheckpointException e) {
            assertThat(e).hasMessageContaining(Manifest.FILE_NAME);
            return;
        }
        Set<Path> seen = new HashSet<>();
        for (CheckpointFile file : manifest.getFilesList()) {
            Path named = directory.resolve(file.getName()).normalize();
            assertThat(named.getParent()).isEqualTo(directory);
            assertThat(named).isNotEqualTo(directory.resolve(Manifest.FILE_NAME));
            assertThat(seen.add(named)).as("named once").isTrue();
        }
        Manifest.write(directory, manifest);
        assertThat(Manifest.read(directory)).isEqualTo(manifest);
    }
}
