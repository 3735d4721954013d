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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
        assertThat(known.standing("bob", ONE)).isEqualTo(Standing.NEW);
        assertThat(elsewhere.key("bob")).isEmpty();

        known.accept("bob", ONE);
        known.accept("bob", ONE);
        assertThat(elsewhere.standing("bob", ONE)).isEqualTo(Standing.KNOWN);
        assertThat(elsewhere.standing("bob", TWO)).isEqualTo(Standing.OTHER);
        assertThat(elsewhere.standing("bo", TWO)).isEqualTo(Standing.NEW);

        elsewhere.accept("bob", TWO);
        assertThat(known.standing("bob", ONE)).isEqualTo(Standing.FORMER);
        assertThat(known.key("bob")).contains(TWO);
        known.accept("bob", ONE);
        assertThat(elsewhere.standing("bob", ONE)).isEqualTo(Standing.KNOWN);

        assertThat(Files.readAllLines(file)).containsExactly("bob AQID", "bob BAUG", "bob AQID");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void ofTwoFirstSightsAtOnceOneCounts() throws Exception {
        Path file = directory.resolve("known_peers");
        CyclicBarrier together = new CyclicBarrier(2);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            for (int round = 0; round < 200; round++) {
                String peer = "peer" + round;
                Callable<Standing> one = () -> firstSight(file, together, peer, ONE);
                Callable<Standing> two = () -> firstSight(file, together, peer, TWO);
                List<Standing> found = new ArrayList<>();
                for (Future<Standing> sight : threads.invokeAll(List.of(one, two))) {
                    found.add(sight.get());
                }
                assertThat(found).containsExactlyInAnyOrder(Standing.KNOWN, Standing.OTHER);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(Files.readAllLines(file)).hasSize(200);
    }

    private static Standing firstSight(Path file, CyclicBarrier together, String peer, byte[] key) throws Exception {
        KnownPeers known = new KnownPeers(file);
        known.standing(peer, key);
        together.await();
        return known.rememberIfNew(peer, key);
    }

    @Test
    void aLineThatIsCutOffSwallowsNobodyElses() throws IOException {
        Path file = directory.resolve("known_peers");
        Files.writeString(file, "ann AQ");

        assertThat(new KnownPeers(file).rememberIfNew("bob", ONE)).isEqualTo(Standing.KNOWN);

        assertThat(new KnownPeers(file).rememberIfNew("bob", TWO)).isEqualTo(Standing.OTHER);
        assertThat(new KnownPeers(file).standing("ann", ONE)).isEqualTo(Standing.OTHER);
    }

    @Test
    void whatIsNotNewIsNotOverridden() throws IOException {
        Path file = directory.resolve("known_peers");
        KnownPeers known = new KnownPeers(file);
        known.accept("bob", ONE);
        known.accept("bob", TWO);
        assertThat(known.rememberIfNew("bob", ONE)).isEqualTo(Standing.FORMER);
        assertThat(known.rememberIfNew("bob", TWO)).isEqualTo(Standing.KNOWN);
        assertThat(known.rememberIfNew("bob", new byte[3])).isEqualTo(Standing.OTHER);
        assertThat(Files.readAllLines(file)).hasSize(2);
    }

    @Test
    void aFileThatCannotBeReadIsNoEmptyOne() throws IOException {
        Path file = Files.createDirectory(directory.resolve("known_peers"));

        assertThatThrownBy(() -> new KnownPeers(file).standing("bob", ONE))
                .isInstanceOfSatisfying(
                        PeerLinkException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_IDENTITY));
    }
}
