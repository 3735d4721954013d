package io.peerlink.integration.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.peerlink.client.ErrorCode;
import io.peerlink.client.MessageId;
import io.peerlink.client.OutgoingMessage;
import io.peerlink.client.PeerLinkException;
import io.peerlink.client.Receipt;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The disk fills up: new messages are refused with a clear code, everything else goes on, and room cures it. */
final class LittleRoomIT {
    private static final long GIB = 1L << 30;

    private static final long FREE = usable();

    /** Leaves the cluster more to write than the test needs, on any disk that this could be built on. */
    private static final long FLOOR = FREE - Math.min(GIB, FREE / 4);

    @RegisterExtension
    static final TestCluster CLUSTER = TestCluster.ofOne().with("disk-free-min = " + FLOOR + " B");

    private static long usable() {
        try {
            return Files.getFileStore(Files.createDirectories(Distribution.scratch()))
                    .getUsableSpace();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void belowTheFloorMessagesAreRefusedUntilThereIsRoom() throws Exception {
        Path ballast = CLUSTER.directory().resolve("ballast");
        try (TestPeer alice = CLUSTER.peer("room-alice");
                TestPeer bob = CLUSTER.peer("room-bob")) {
            bob.leave();
            MessageId waiting = alice.sent("room-bob");
            reserve(ballast, usable() - FLOOR + Math.min(GIB, FLOOR / 4));
            await("sends are refused")
                    .atMost(TestCluster.PATIENCE)
                    .until(() -> refusal(alice).equals(Optional.of(ErrorCode.STORAGE_LOW)));
            bob.comeBack();
            await("what waits is still delivered and confirmed")
                    .atMost(TestCluster.PATIENCE)
                    .until(() -> alice.hasReceipt(Receipt.Kind.DELIVERED, "room-bob", waiting));
            Files.delete(ballast);
            await("sends are taken again")
                    .atMost(TestCluster.PATIENCE)
                    .until(() -> refusal(alice).isEmpty());
            assertThat(CLUSTER.leader().isRunning()).isTrue();
        } finally {
            Files.deleteIfExists(ballast);
        }
    }

    /** Blocks without contents: takes room, not time. */
    private static void reserve(Path file, long bytes) throws Exception {
        Process fallocate = new ProcessBuilder("fallocate", "-l", Long.toString(bytes), file.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(fallocate.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(fallocate.waitFor()).as("%s, %s bytes free", said, usable()).isZero();
    }

    /** Why a send was refused; empty if it was not. */
    private static Optional<ErrorCode> refusal(TestPeer sender) {
        try {
            sender.client().sendAsync(OutgoingMessage.text("room-bob", "hello")).join();
            return Optional.empty();
        } catch (CompletionException e) {
            return e.getCause() instanceof PeerLinkException refused ? Optional.of(refused.code()) : Optional.empty();
        }
    }
}
