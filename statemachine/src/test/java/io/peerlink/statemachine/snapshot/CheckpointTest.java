package io.peerlink.statemachine.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.peerlink.log.v1.Batch;
import io.peerlink.log.v1.Command;
import io.peerlink.log.v1.RegisterPeer;
import io.peerlink.state.v1.CheckpointManifest;
import io.peerlink.statemachine.LogPosition;
import io.peerlink.statemachine.StateDigest;
import io.peerlink.statemachine.StateMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
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

    /** Whatever is applied meanwhile, each holds the state as of one entry, and says of which. */
    @Test
    void isPreparedWhileEntriesAreApplied() throws Exception {
        Files.createDirectories(parent);
        Map<LogPosition, StateDigest> digests = new ConcurrentHashMap<>();
        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<List<Checkpoint>> preparing = CompletableFuture.supplyAsync(() -> {
            List<Checkpoint> made = new ArrayList<>();
            do {
                made.add(machine.prepareCheckpoint(parent, directory.resolve("next" + made.size())));
            } while (!over.get());
            return made;
        });
        Set<LogPosition> own = new HashSet<>();
        await().atMost(Duration.ofMinutes(1)).until(() -> {
            register("peer" + index);
            digests.put(machine.view().applied(), machine.view().digest());
            if (index % 10 == 9) {
                own.add(machine.checkpoint(parent, position()).position());
            }
            return index > 60;
        });
        over.set(true);

        List<Checkpoint> made = preparing.get(1, TimeUnit.MINUTES);
        digests.put(LogPosition.NONE, emptyDigest());
        assertThat(made)
                .hasSizeGreaterThan(3)
                .extracting(checkpoint -> checkpoint.position().index())
                .isSorted();
        assertThat(own).hasSize(6);
        for (int i = 0; i < made.size(); i += Math.max(1, made.size() / 10)) {
            Checkpoint checkpoint = made.get(i);
            Checkpoint named = own.contains(checkpoint.position()) ? checkpoint : checkpoint.moveTo(parent);
            named.verify();
            try (StateMachine restored = StateMachine.open(directory.resolve("restored"), named)) {
                assertThat(restored.view().applied()).isEqualTo(named.position());
                assertThat(restored.view().digest()).isEqualTo(digests.get(named.position()));
            }
            own.add(named.position());
        }
    }

    private StateDigest emptyDigest() {
        try (StateMachine empty = StateMachine.open(directory.resolve("empty"), null)) {
            return empty.view().digest();
        }
    }

    @Test
    void whatTheNewestOneHoldsIsNotReadAgain() throws IOException {
        register("alice");
        Checkpoint newest = machine.checkpoint(parent, position());
        CheckpointManifest.Builder wrong = newest.manifest().toBuilder();
        wrong.getFilesBuilderList().forEach(file -> file.setCrc32C(file.getCrc32C() + 1));
        Manifest.write(newest.directory(), wrong.build());

        Checkpoint next = machine.prepareCheckpoint(parent, directory.resolve("next"));

        // Who reads the tables finds other checksums.
        assertThatThrownBy(next::verify).hasMessageContaining(".sst").hasMessageContaining("wrong checksum");
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
