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
    private static final String ONE = Fingerprint.of(new byte[] {1}).text();
    private static final String TWO = Fingerprint.of(new byte[] {2}).text();

    @TempDir
    private Path directory;

    @Test
    void whatWasSeenFirstStays() throws IOException {
        Path file = directory.resolve("deep/known_routers");
        KnownRouters known = new KnownRouters(file);
        assertThat(known.fingerprint("a:1")).isEmpty();

        assertThat(known.remember("a:1", ONE)).isEqualTo(ONE);
        assertThat(new KnownRouters(file).remember("a:1", TWO)).isEqualTo(ONE);
        known.remember("a:12", TWO);

        assertThat(known.fingerprint("a:1")).contains(ONE);
        assertThat(known.fingerprint("a:12")).contains(TWO);
        assertThat(Files.readAllLines(file)).containsExactly("a:1 " + ONE, "a:12 " + TWO);
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

    /** Wherever a crash cut it: it is never taken for a fingerprint, and swallows nobody else's. */
    @Test
    void ofALineThatIsCutOffNothingIsBelieved() throws IOException {
        Path file = directory.resolve("known_routers");
        String whole = "a:1 " + ONE;
        for (int length = 1; length < whole.length(); length++) {
            Files.writeString(file, "b:1 " + TWO + "\n" + whole.substring(0, length));
            KnownRouters known = new KnownRouters(file);

            assertThat(known.fingerprint("b:1")).contains(TWO);
            if (length < "a:1 ".length()) {
                assertThat(known.fingerprint("a:1")).isEmpty();
            } else {
                assertThatThrownBy(() -> known.fingerprint("a:1"))
                        .isInstanceOfSatisfying(PeerLinkException.class, e -> {
                            assertThat(e.code()).isEqualTo(ErrorCode.BAD_IDENTITY);
                            assertThat(e).hasMessageContaining("a:1").hasMessageContaining("cut off");
                            assertThat(e.hint()).contains("Remove the line");
                        });
            }
            assertThat(known.remember("c:1", TWO)).isEqualTo(TWO);
            assertThat(new KnownRouters(file).remember("c:1", ONE))
                    .as("cut at %d", length)
                    .isEqualTo(TWO);
        }
    }
}
