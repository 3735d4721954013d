package io.peerlink.integration.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.peerlink.cli.local.LocalRouter;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A router whose disk was damaged refuses to start and names the file; an unfinished last entry is cut off, and said so. */
final class DamageIT {
    private static final int EXIT_DAMAGED = 74;

    @RegisterExtension
    static final TestCluster CLUSTER = TestCluster.ofOne().with("raft.checkpoint-entries = 100");

    private LocalRouter router;
    private Path sound;

    /** What happens to a file. */
    private enum Blow {
        FLIP,
        DELETE,
        OVERWRITE;

        void hit(Path file) throws IOException {
            switch (this) {
                case FLIP -> flipAnEarlyBit(file);
                case DELETE -> Files.delete(file);
                case OVERWRITE -> Files.writeString(file, "\u0001 not what it was", StandardCharsets.UTF_8);
            }
        }
    }

    /** One damage: to the first file of that name, in the order of names. */
    private enum Damage {
        OPEN_SEGMENT("current", "log_inprogress.*", Blow.FLIP),
        CLOSED_SEGMENT("current", "log_\\d+-\\d+", Blow.FLIP),
        MISSING_SEGMENT("current", "log_[1-9]\\d*-\\d+", Blow.DELETE),
        MISSING_VOTE("current", "raft-meta", Blow.DELETE),
        BAD_VOTE("current", "raft-meta", Blow.OVERWRITE),
        BAD_CONFIGURATION("current", "raft-meta.conf", Blow.OVERWRITE),
        CHECKPOINT_TABLE("sm", ".*[.]sst", Blow.FLIP),
        MISSING_CHECKPOINT_FILE("sm", "CURRENT", Blow.DELETE),
        CHECKPOINT_MANIFEST("sm", "MANIFEST.peerlink", Blow.FLIP);

        private final String directory;
        private final String name;
        private final Blow blow;

        Damage(String directory, String name, Blow blow) {
            this.directory = directory;
            this.name = name;
            this.blow = blow;
        }
    }

    private static void flipAnEarlyBit(Path file) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(20);
            int old = bytes.read();
            bytes.seek(20);
            bytes.write(old ^ 4);
        }
    }

    /** Two terms, so that there are closed segments, and a checkpoint; then the router is stopped. */
    @BeforeEach
    void fill() throws IOException {
        router = CLUSTER.routers().get(0);
        sound = CLUSTER.directory().resolve("sound");
        if (!Files.exists(sound)) {
            for (int term = 0; term < 3; term++) {
                sendSome("damage" + term);
                CLUSTER.kill(router);
                CLUSTER.start(router);
            }
            CLUSTER.kill(router);
            copy(router.data(), sound);
        }
        CLUSTER.kill(router);
    }

    /** Before the next test, which starts the router. */
    @AfterEach
    void restore() throws IOException {
        CLUSTER.kill(router);
        delete(router.data());
        copy(sound, router.data());
    }

    private static void sendSome(String prefix) {
        try (TestPeer sender = CLUSTER.peer(prefix + "-a");
                TestPeer receiver = CLUSTER.peer(prefix + "-b")) {
            for (int i = 0; i < 60; i++) {
                sender.sent(receiver.name());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Damage.class)
    void isRefusedWithTheFilesNameAndTheWayBack(Damage damage) throws Exception {
        Path hit = find(damage);
        damage.blow.hit(hit);
        String name = damage == Damage.MISSING_SEGMENT ? "a segment is missing" : hit.toString();

        assertThat(doctor()).contains("fail").contains(name).contains("cluster replace");
        router.start();
        await("it ends").atMost(TestCluster.PATIENCE).until(() -> !router.isRunning());
        assertThat(router.exitStatus()).isEqualTo(EXIT_DAMAGED);
        assertThat(lastLines()).contains("DAMAGED").contains(name).contains("cluster replace");
    }

    @Test
    void anUnfinishedLastEntryIsCutOff() throws Exception {
        assertThat(doctor()).doesNotContain("fail  ").contains("every entry is whole");
        Path open = find(Damage.OPEN_SEGMENT);
        long end = endOfEntries(open);
        try (RandomAccessFile bytes = new RandomAccessFile(open.toFile(), "rw")) {
            bytes.seek(end);
            // Says that it has 200 bytes, and has 20.
            bytes.write(new byte[] {(byte) 0xC8, 1});
            bytes.write("twenty bytes of it..".getBytes(StandardCharsets.US_ASCII));
        }
        CLUSTER.start(router);
        sendSome("after");
        assertThat(Files.readString(router.log())).contains("was not finished when this router stopped");
    }

    private static long endOfEntries(Path segment) throws IOException {
        byte[] bytes = Files.readAllBytes(segment);
        int end = bytes.length;
        while (bytes[end - 1] == 0) {
            end--;
        }
        return end;
    }

    private Path find(Damage damage) throws IOException {
        try (Stream<Path> files = Files.walk(router.data().resolve("raft"))) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().contains("/" + damage.directory + "/"))
                    .filter(file -> file.getFileName().toString().matches(damage.name))
                    // The newest checkpoint is the one that counts.
                    .max(Comparator.comparing(DamageIT::checkpointOf).thenComparing(Comparator.reverseOrder()))
                    .orElseThrow(() -> new AssertionError("nothing to damage for " + damage));
        }
    }

    private static long checkpointOf(Path file) {
        String parent = file.getName(file.getNameCount() - 2).toString();
        return parent.contains("_") ? Long.parseLong(parent.substring(parent.indexOf('_') + 1)) : 0;
    }

    private String doctor() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Distribution.home().resolve("bin/peerlink-server").toString(),
                        "doctor",
                        "-c",
                        router.config().toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }

    private String lastLines() throws IOException {
        List<String> lines = Files.readAllLines(router.log());
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 3), lines.size()));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> tree = Files.walk(from)) {
            for (Path path : tree.toList()) {
                Path target = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else {
                    Files.write(target, Files.readAllBytes(path), StandardOpenOption.CREATE);
                }
            }
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
