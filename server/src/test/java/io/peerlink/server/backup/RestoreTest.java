package io.peerlink.server.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.peerlink.log.v1.Batch;
import io.peerlink.log.v1.Command;
import io.peerlink.log.v1.RegisterPeer;
import io.peerlink.server.config.ConfigLoader;
import io.peerlink.server.config.ServerConfig;
import io.peerlink.server.doctor.Doctor;
import io.peerlink.server.doctor.Finding;
import io.peerlink.server.identity.DataDirectory;
import io.peerlink.server.identity.StartRefusedException;
import io.peerlink.statemachine.LogPosition;
import io.peerlink.statemachine.StateMachine;
import io.peerlink.statemachine.snapshot.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A restore that is cut off anywhere leaves nothing that starts, and is done again over what it left. */
final class RestoreTest {
    private static final LogPosition POSITION = new LogPosition(3, 7);
    private static final int STEPS = 7;

    @TempDir
    private Path directory;

    private ServerConfig config;
    private Path backup;
    private String digest;

    @BeforeEach
    void takeABackup() throws IOException {
        Path file = directory.resolve("n1.conf");
        Files.writeString(file, """
                peerlink {
                  cluster-id = acme
                  router-id = n1
                  data-dir = "%s/below/data"
                  routers = [{ id = n1, client = "127.0.0.1:1", raft = "127.0.0.1:11" }]
                }
                """.formatted(directory));
        config = ConfigLoader.load(Optional.of(file), Map.of());
        Path checkpoints = Files.createDirectory(directory.resolve("checkpoints"));
        try (StateMachine machine = StateMachine.open(directory.resolve("live"), null)) {
            machine.apply(POSITION, someEntry());
            writeBackup(machine.checkpoint(checkpoints, POSITION));
        }
    }

    private void writeBackup(Checkpoint checkpoint) throws IOException {
        digest = digestOf(checkpoint);
        backup = checkpoint.directory();
        String files = checkpoint.contents().stream()
                .map(file -> String.format(
                        "{\"name\": \"%s\", \"size\": %d, \"crc32c\": \"%08x\"}",
                        file.name(), file.sizeBytes(), file.crc32c()))
                .collect(Collectors.joining(","));
        Files.writeString(backup.resolve("backup.json"), """
                {"backup_format": 1, "cluster_id": "acme", "term": 3, "index": 7, "digest": "%s", "files": [%s]}
                """.formatted(digest, files));
    }

    private String digestOf(Checkpoint checkpoint) {
        return HexFormat.of()
                .formatHex(PinnedCheckpoint.digest(checkpoint, directory.resolve("scratch"))
                        .sha256()
                        .toByteArray());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void cutOffBehindAnyStepItIsRefusedAndDoneAgain(int done) throws IOException {
        Restore first = new Restore(config, BackupDirectory.read(backup));
        assertThat(first.steps()).hasSize(STEPS);
        for (Restore.Step step : first.steps().subList(0, done)) {
            step.run();
        }
        assertRefused();

        assertThat(Restore.run(config, backup, false).digest()).isEqualTo(digest);
        assertWhole();
    }

    @Test
    void cutOffInTheMiddleOfCopyingItIsRefusedAndDoneAgain() throws IOException {
        Path table = table();
        byte[] bytes = Files.readAllBytes(table);
        Files.write(table, new byte[] {1});
        assertThatThrownBy(() -> Restore.run(config, backup, false)).isInstanceOf(RestoreException.class);
        assertRefused();

        Files.write(table, bytes);
        Restore.run(config, backup, false);
        assertWhole();
    }

    @Test
    void whatIsNotOfARestoreIsNotTouchedEvenBesideTheMark() throws IOException {
        Path data = config.dataDir();
        Files.createDirectories(data.resolve("restoring"));
        Files.writeString(data.resolve("known-routers.properties"), "n2=x");
        assertThatThrownBy(() -> Restore.run(config, backup, false))
                .isInstanceOfSatisfying(
                        RestoreException.class,
                        refusal -> assertThat(refusal.kind()).isEqualTo(RestoreException.Kind.CONFLICT));
        assertThat(data.resolve("known-routers.properties")).exists();
    }

    @Test
    void aRestoredDirectoryIsNotRestoredAgain() throws IOException {
        Restore.run(config, backup, false);
        assertThatThrownBy(() -> Restore.run(config, backup, false)).hasMessageContaining("data of router n1");
        assertWhole();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../secret", "/etc/hostname", "", ".", "..", "below/secret", "a\\u0000b"})
    void aFileThatIsNotOfTheBackupIsNotTaken(String name) throws IOException {
        Files.writeString(backup.resolveSibling("secret"), "x");
        Files.writeString(Files.createDirectory(backup.resolve("below")).resolve("secret"), "x");
        Path manifest = backup.resolve("backup.json");
        String named = "\"name\": \"" + name + "\"";
        Files.writeString(
                manifest,
                Files.readString(manifest).replaceFirst("\"name\": \"[^\"]*\"", Matcher.quoteReplacement(named)));

        assertThatThrownBy(() -> Restore.run(config, backup, false))
                .isInstanceOfSatisfying(
                        RestoreException.class,
                        refusal -> assertThat(refusal.kind()).isEqualTo(RestoreException.Kind.DAMAGED));
        assertRefused();
    }

    private void assertRefused() {
        assertThatThrownBy(this::open).isInstanceOf(StartRefusedException.class).hasMessageContaining("did not finish");
        assertThat(identity())
                .matches(finding -> finding.level() == Finding.Level.FAIL
                        && finding.detail().contains("did not finish")
                        && finding.advice().contains("delete the directory"));
    }

    private void assertWhole() throws IOException {
        DataDirectory data = open();
        assertThat(data.isFresh()).isFalse();
        assertThat(data.owner().origin()).isEqualTo("backup-7-" + digest.substring(0, 16));
        assertThat(identity().level()).isEqualTo(Finding.Level.OK);
        try (Stream<Path> tree = Files.walk(config.dataDir())) {
            List<Path> checkpoints =
                    tree.filter(path -> path.endsWith("sm/3_7")).toList();
            assertThat(checkpoints).hasSize(1);
            assertThat(digestOf(new Checkpoint(checkpoints.get(0), POSITION))).isEqualTo(digest);
        }
        assertThat(config.dataDir().toFile().list()).containsExactlyInAnyOrder("router.properties", "raft");
    }

    private Finding identity() {
        return Doctor.examine(config).stream()
                .filter(finding -> finding.what().equals("identity"))
                .findFirst()
                .orElseThrow();
    }

    private DataDirectory open() {
        return DataDirectory.open(config.dataDir(), "acme", "n1", false);
    }

    private Path table() throws IOException {
        try (Stream<Path> files = Files.list(backup)) {
            return files.filter(file -> file.toString().endsWith(".sst"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** So that the state is not an empty one. */
    private static Batch someEntry() {
        return Batch.newBuilder()
                .setFormat(2)
                .addCommands(Command.newBuilder()
                        .setRegisterPeer(RegisterPeer.newBuilder()
                                .setName("alice")
                                .setPublicKey(ByteString.copyFrom(new byte[32]))))
                .build();
    }
}
