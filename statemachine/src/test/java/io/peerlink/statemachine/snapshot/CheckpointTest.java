package io.peerlink.statemachine.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.peerlink.log.v1.Batch;
import io.peerlink.log.v1.Command;
import io.peerlink.log.v1.RegisterPeer;
import io.peerlink.statemachine.LogPosition;
import io.peerlink.statemachine.StateDigest;
import io.peerlink.statemachine.StateMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CheckpointTest {
    @TempDir
    Path directory;

    private StateMachine machine;
    private Path parent;
    private long index;

    @BeforeEach
    void openMachine() {
        machine = StateMachine.open(directory.resolve("live"), null);
        parent = directory.resolve("checkpoints");
    }

    @AfterEach
    void closeMachine() {
        machine.close();
    }

    @Test
    void opensTheStateItWasMadeFrom() {
        register("alice");
        StateDigest digest = machine.view().digest();
        Checkpoint checkpoint = machine.checkpoint(parent, position());
        register("bob");

        try (StateMachine restored = StateMachine.open(directory.resolve("restored"), checkpoint)) {
            assertThat(restored.view().digest()).isEqualTo(digest);
            assertThat(restored.view().applied()).isEqualTo(checkpoint.position());
            assertThat(restored.view().inboxState("bob")).isEmpty();
            restored.apply(new LogPosition(1, 10), batch("carol"));
            assertThat(restored.view().inboxState("carol")).isPresent();
        }
        checkpoint.verify();
    }

    @Test
    void isNotChangedByLifeAfterIt() {
        register("alice");
        Checkpoint first = machine.checkpoint(parent, position());
        for (int i = 0; i < 20; i++) {
            register("peer" + i);
            machine.checkpoint(parent, position());
        }

        first.verify();
        Checkpoint.list(parent).forEach(Checkpoint::verify);
    }

    @Test
    void isPreparedWhileEntriesAreApplied() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<Integer> preparing = CompletableFuture.supplyAsync(() -> {
            int times = 0;
            do {
                machine.prepareCheckpoint();
                times++;
            } while (!over.get());
            return times;
        });
        for (int i = 0; i < 300; i++) {
            register("peer" + i);
            if (i % 50 == 49) {
                Checkpoint checkpoint = machine.checkpoint(parent, position());
                checkpoint.verify();
                try (StateMachine restored = StateMachine.open(directory.resolve("restored"), checkpoint)) {
                    assertThat(restored.view().digest())
                            .isEqualTo(machine.view().digest());
                }
            }
        }
        over.set(true);
        assertThat(preparing.get(1, TimeUnit.MINUTES)).isPositive();
    }

    @Test
    void whatWasPreparedIsNotReadAgain() throws IOException {
        register("alice");
        machine.prepareCheckpoint();
        // Seen only by who reads the file now: the manifest must tell the checksum of before.
        for (Path table : tables(directory.resolve("live"))) {
            byte[] bytes = Files.readAllBytes(table);
            bytes[bytes.length / 2] ^= 1;
            Files.write(table, bytes);
        }

        Checkpoint checkpoint = machine.checkpoint(parent, position());

        assertThatThrownBy(checkpoint::verify).hasMessageContaining("wrong checksum");
    }

    @Test
    void mayLackWhatWasPreparedAndDroppedByCompaction() throws IOException {
        register("alice");
        machine.prepareCheckpoint();
        List<Path> prepared = tables(directory.resolve("live"));

        // Each writes the tables anew, until compaction makes one of them.
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            register("peer" + index);
            machine.checkpoint(parent, position());
            return !prepared.stream().allMatch(Files::exists);
        });

        register("bob");
        machine.checkpoint(parent, position()).verify();
    }

    private static List<Path> tables(Path database) throws IOException {
        try (Stream<Path> files = Files.list(database)) {
            return files.filter(CheckpointFiles::isTable).toList();
        }
    }

    @Test
    void mayBeNamedByALaterPositionWithoutCommands() {
        register("alice");

        Checkpoint checkpoint = machine.checkpoint(parent, new LogPosition(3, 17));

        assertThat(checkpoint.directory()).hasFileName("3_17");
        checkpoint.verify();
        assertThatThrownBy(() -> machine.checkpoint(parent, LogPosition.NONE)).hasMessageContaining("below");
    }

    @Test
    void isMadeOncePerPosition() {
        register("alice");

        assertThat(machine.checkpoint(parent, position())).isEqualTo(machine.checkpoint(parent, position()));
        assertThat(Checkpoint.list(parent)).hasSize(1);
    }

    @Test
    void listsFinishedOnesNewestFirst() throws IOException {
        register("alice");
        machine.checkpoint(parent, new LogPosition(1, 9));
        machine.checkpoint(parent, new LogPosition(2, 10));
        machine.checkpoint(parent, new LogPosition(1, 100));
        Files.createDirectories(parent.resolve(".tmp-3_1"));
        Files.createDirectories(parent.resolve("4_4"));
        Files.createDirectories(parent.resolve("lost+found"));
        Files.writeString(parent.resolve("5_5"), "a file");

        assertThat(Checkpoint.list(parent))
                .extracting(Checkpoint::position)
                .containsExactly(new LogPosition(2, 10), new LogPosition(1, 100), new LogPosition(1, 9));
        assertThat(Checkpoint.list(directory.resolve("nowhere"))).isEmpty();
    }

    @Test
    void replacesLeftoversOfAnAttempt() throws IOException {
        register("alice");
        Path leftover = Files.createDirectories(parent.resolve(".tmp-1_0"));
        Files.writeString(leftover.resolve("half"), "a file");
        Files.createDirectories(parent.resolve("1_0"));

        Checkpoint checkpoint = machine.checkpoint(parent, position());

        checkpoint.verify();
        assertThat(leftover).doesNotExist();
    }

    @Test
    void shipsItsFilesAndManifestButNothingLaidBeside() throws IOException {
        register("alice");
        Checkpoint checkpoint = machine.checkpoint(parent, position());
        Files.writeString(checkpoint.directory().resolve("CURRENT.md5"), "from Ratis");

        List<Path> files = checkpoint.files();

        assertThat(files).isSorted().contains(checkpoint.directory().resolve("MANIFEST.peerlink"));
        assertThat(files).noneMatch(file -> file.toString().endsWith(".md5"));
        assertThat(files).anyMatch(file -> file.toString().endsWith(".sst"));
        checkpoint.verify();
        checkpoint.sync();
    }

    @Test
    void namesTheDamagedFile() throws IOException {
        register("alice");
        for (Path file : machine.checkpoint(parent, position()).files()) {
            Checkpoint copy = copy();
            Path damaged = copy.directory().resolve(file.getFileName());
            byte[] bytes = Files.readAllBytes(damaged);
            if (bytes.length == 0) {
                continue;
            }
            bytes[bytes.length / 2] ^= 1;
            Files.delete(damaged);
            Files.write(damaged, bytes);

            assertThatThrownBy(copy::verify)
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining(damaged.toString())
                    .hasMessageContaining("damaged");
        }
    }

    @Test
    void namesTheMissingAndTheShortFile() throws IOException {
        register("alice");
        machine.checkpoint(parent, position());
        Checkpoint copy = copy();
        Path current = copy.directory().resolve("CURRENT");
        Files.writeString(current, "");
        assertThatThrownBy(copy::verify)
                .hasMessageContaining(current.toString())
                .hasMessageContaining("0 bytes");
        Files.delete(current);
        assertThatThrownBy(copy::verify)
                .hasMessageContaining(current.toString())
                .hasMessageContaining("missing");
    }

    @Test
    void refusesAManifestOfAnotherCheckpoint() throws IOException {
        register("alice");
        machine.checkpoint(parent, position());
        Checkpoint copy = copy();
        Path renamed = Files.move(copy.directory(), copy.directory().resolveSibling("9_9"));

        assertThatThrownBy(() -> new Checkpoint(renamed, new LogPosition(9, 9)).verify())
                .hasMessageContaining("of another checkpoint");
    }

    /** A copy, not linked to the original, that may be damaged. */
    private Checkpoint copy() throws IOException {
        Checkpoint original = Checkpoint.list(parent).get(0);
        Path target = directory.resolve("copy").resolve(original.directory().getFileName());
        CheckpointFiles.recreate(target);
        for (Path file : original.files()) {
            Files.copy(file, target.resolve(file.getFileName()));
        }
        return new Checkpoint(target, original.position());
    }

    private LogPosition position() {
        return new LogPosition(1, index - 1);
    }

    private void register(String name) {
        machine.apply(new LogPosition(1, index++), batch(name));
    }

    private static Batch batch(String name) {
        return Batch.newBuilder()
                .setFormat(2)
                .setTimeMs(1)
                .addCommands(Command.newBuilder()
                        .setRegisterPeer(
                                RegisterPeer.newBuilder().setName(name).setPublicKey(ByteString.copyFromUtf8(name))))
                .build();
    }
}
