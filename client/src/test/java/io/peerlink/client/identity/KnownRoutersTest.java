package io.peerlink.client.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peerlink.client.ErrorCode;
import io.peerlink.client.PeerLinkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownRoutersTest {
    @TempDir
    private Path directory;

    @Test
    void whatWasSeenFirstStays() throws IOException {
        Path file = directory.resolve("deep/known_routers");
        KnownRouters known = new KnownRouters(file);
        assertThat(known.fingerprint("a:1")).isEmpty();

        assertThat(known.remember("a:1", "SHA256:AA")).isEqualTo("SHA256:AA");
        assertThat(new KnownRouters(file).remember("a:1", "SHA256:BB")).isEqualTo("SHA256:AA");
        known.remember("a:12", "SHA256:CC");

        assertThat(known.fingerprint("a:1")).contains("SHA256:AA");
        assertThat(known.fingerprint("a:12")).contains("SHA256:CC");
        assertThat(Files.readAllLines(file)).containsExactly("a:1 SHA256:AA", "a:12 SHA256:CC");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void aFileThatCannotBeReadIsNoEmptyOne() throws IOException {
        Path file = Files.createDirectory(directory.resolve("known_routers"));

        assertThatThrownBy(() -> new KnownRouters(file).fingerprint("a:1"))
                .isInstanceOfSatisfying(
                        PeerLinkException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_IDENTITY));
    }
}
