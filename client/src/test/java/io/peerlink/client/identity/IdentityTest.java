package io.peerlink.client.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peerlink.client.ErrorCode;
import io.peerlink.client.PeerLinkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentityTest {
    @TempDir
    Path directory;

    private Path keyFile() {
        return directory.resolve("keys").resolve("alice.pem");
    }

    @Test
    void keepsOneKeyPerName() {
        Identity created = Identity.loadOrCreate(directory, "Alice");

        Identity loaded = Identity.load(directory, "alice");

        assertThat(loaded.publicKey()).isEqualTo(created.publicKey()).hasSize(44);
        assertThat(loaded.sign(new byte[] {1})).isEqualTo(created.sign(new byte[] {1}));
        assertThat(loaded.name()).isEqualTo("alice");
        assertThat(Identity.exists(directory, "ALICE")).isTrue();
    }

    @Test
    void isForItsOwnerOnly() throws IOException {
        Identity.loadOrCreate(directory, "alice");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keyFile())))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("keys"))))
                .isEqualTo("rwx------");
        try (var files = Files.list(directory.resolve("keys"))) {
            assertThat(files).containsExactly(keyFile());
        }
    }

    @Test
    void refusesAKeyFileThatOthersCanRead() throws IOException {
        Identity.loadOrCreate(directory, "alice");
        Files.setPosixFilePermissions(keyFile(), PosixFilePermissions.fromString("rw-r-----"));

        assertThatThrownBy(() -> Identity.load(directory, "alice"))
                .isInstanceOfSatisfying(PeerLinkException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.BAD_IDENTITY);
                    assertThat(e.hint()).startsWith("chmod 600 ");
                });
    }

    @Test
    void refusesADamagedOrMissingKeyFile() throws IOException {
        assertThatThrownBy(() -> Identity.load(directory, "alice")).isInstanceOf(PeerLinkException.class);
        Identity.loadOrCreate(directory, "alice");
        Files.writeString(keyFile(), "rubbish");

        assertThatThrownBy(() -> Identity.loadOrCreate(directory, "alice"))
                .isInstanceOfSatisfying(
                        PeerLinkException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_IDENTITY));
    }

    @Test
    void severalThatCreateAtOnceGetTheSameKey() {
        List<byte[]> keys = IntStream.range(0, 16)
                .parallel()
                .mapToObj(i -> Identity.loadOrCreate(directory, "alice").publicKey())
                .toList();

        assertThat(keys).allSatisfy(key -> assertThat(key).isEqualTo(keys.get(0)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "", "a b", "\u212aelvin", "\u0130stanbul", "\uff41lice"})
    void refusesAnIllegalName(String name) {
        assertThatThrownBy(() -> Identity.generate(name))
                .isInstanceOfSatisfying(
                        PeerLinkException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_NAME));
    }
}
