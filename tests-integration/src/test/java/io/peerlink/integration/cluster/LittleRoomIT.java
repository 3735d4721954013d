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
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The disk fills up: new messages are refused with a clear code, everything else goes on, and room cures it. */
final class LittleRoomIT {
    private static final int MIB = 1 << 20;

    private static final long FREE = usable();

    /** Leaves the cluster more to write than the test needs, on any disk that this could be built on. */
    private static final long FLOOR = FREE - Math.min(512L * MIB, FREE / 4);

    /** How far below the floor the disk is filled: what others free meanwhile must not lift it. */
    private static final long BELOW = Math.min(128L * MIB, FLOOR / 4);

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
            fill(ballast);
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

    /** Writes until the disk is below the floor. With contents, because some file systems store none for zeros. */
    private static void fill(Path file) throws IOException {
        byte[] chunk = new byte[16 * MIB];
        new Random(1).nextBytes(chunk);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            while (usable() > FLOOR - BELOW) {
                assertThat(channel.size()).as("bytes that did not fill it").isLessThan(8 * (FREE - FLOOR));
                channel.write(ByteBuffer.wrap(chunk));
                // Until then a file system may not have counted it.
                channel.force(false);
            }
        }
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
