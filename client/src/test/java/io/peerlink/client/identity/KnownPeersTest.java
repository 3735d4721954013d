package io.peerlink.client.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peerlink.client.ErrorCode;
import io.peerlink.client.PeerLinkException;
import io.peerlink.client.identity.KnownPeers.Standing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownPeersTest {
    private static final byte[] ONE = {1, 2, 3};
    private static final byte[] TWO = {4, 5, 6};

    @TempDir
    private Path directory;

    @Test
    void theLastAcceptedKeyCountsAlsoForOtherProcesses() throws IOException {
        Path file = directory.resolve("deep/known_peers");
        KnownPeers known = new KnownPeers(file);
        KnownPeers elsewhere = new KnownPeers(file);
        assertThat(known.standing("c", "bob", ONE)).isEqualTo(Standing.NEW);
        assertThat(elsewhere.key("c", "bob")).isEmpty();

        known.accept("c", "bob", ONE);
        known.accept("c", "bob", ONE);
        assertThat(elsewhere.standing("c", "bob", ONE)).isEqualTo(Standing.KNOWN);
        assertThat(elsewhere.standing("c", "bob", TWO)).isEqualTo(Standing.OTHER);
        assertThat(elsewhere.standing("other cluster\nbob", "bob", TWO)).isEqualTo(Standing.NEW);

        elsewhere.accept("c", "bob", TWO);
        assertThat(known.standing("c", "bob", ONE)).isEqualTo(Standing.FORMER);
        assertThat(known.key("c", "bob")).contains(TWO);
        known.accept("c", "bob", ONE);
        assertThat(elsewhere.standing("c", "bob", ONE)).isEqualTo(Standing.KNOWN);

        known.accept("other cluster\nbob", "bob", TWO);
        assertThat(Files.readAllLines(file))
                .containsExactly("bob c AQID", "bob c BAUG", "bob c AQID", "bob other+cluster%0Abob BAUG");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void aFileThatCannotBeReadIsNoEmptyOne() throws IOException {
        Path file = Files.createDirectory(directory.resolve("known_peers"));

        assertThatThrownBy(() -> new KnownPeers(file).standing("c", "bob", ONE))
                .isInstanceOfSatisfying(
                        PeerLinkException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_IDENTITY));
    }
}
