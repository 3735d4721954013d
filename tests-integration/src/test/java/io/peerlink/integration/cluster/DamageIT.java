package io.peerlink.integration.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.peerlink.cli.local.LocalRouter;
import io.peerlink.client.admin.ClusterAdmin;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A router whose disk was damaged refuses to start and names the file; an unfinished last entry is cut off, and said so. */
final class DamageIT {
    private static final int EXIT_DAMAGED = 74;
    private static final String CLOSED = "log_\\d+-\\d+";

    @RegisterExtension
    static final TestCluster CLUSTER = TestCluster.ofOne().leftAsItIs();

    private LocalRouter router;

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

    /** One damage: to the file of that number among those of the name, log segments in order, the newest checkpoint first. */
    private enum Damage {
        OPEN_SEGMENT("current", "log_inprogress.*", 0, Blow.FLIP),
        CLOSED_SEGMENT("current", CLOSED, 0, Blow.FLIP),
        /** The fourth: the checkpoint does not cover it. */
        MISSING_SEGMENT("current", CLOSED, 3, Blow.DELETE),
        MISSING_VOTE("current", "raft-meta", 0, Blow.DELETE),
        BAD_VOTE("current", "raft-meta", 0, Blow.OVERWRITE),
        BAD_CONFIGURATION("current", "raft-meta.conf", 0, Blow.OVERWRITE),
        CHECKPOINT_TABLE("sm", ".*[.]sst", 0, Blow.FLIP),
        MISSING_CHECKPOINT_FILE("sm", "CURRENT", 0, Blow.DELETE),
        CHECKPOINT_MANIFEST("sm", "MANIFEST.peerlink", 0, Blow.FLIP);

        private final String directory;
        private final String name;
        private final int number;
        private final Blow blow;

        Damage(String directory, String name, int number, Blow blow) {
            this.directory = directory;
            this.name = name;
            this.number = number;
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

    /** Five terms, hence four closed segments, of which the newest checkpoint covers the first two; then the router is stopped. */
    @BeforeAll
    static void fill() throws IOException {
        LocalRouter filled = CLUSTER.routers().get(0);
        for (int term = 0; term < 4; term++) {
            sendSome("damage" + term);
            if (term == 2) {
                new ClusterAdmin(CLUSTER.servers(), TestCluster.PATIENCE).checkpoint(filled.clientAddress());
            }
            CLUSTER.kill(filled);
            CLUSTER.start(filled);
        }
        sendSome("damage");
        CLUSTER.kill(filled);
        copy(filled.data(), sound());
    }

    private static Path sound() {
        return CLUSTER.directory().resolve("sound");
    }

    @BeforeEach
    void restore() throws IOException {
        router = CLUSTER.routers().get(0);
        CLUSTER.kill(router);
        delete(router.data());
        copy(sound(), router.data());
    }

    private static void sendSome(String prefix) {
        try (TestPeer sender = CLUSTER.peer(prefix + "-a");
                TestPeer receiver = CLUSTER.peer(prefix + "-b")) {
            for (int i = 0; i < 5; i++) {
                sender.sent(receiver.name());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Damage.class)
    void isRefusedWithTheFilesNameAndTheWayBack(Damage damage) throws Exception {
        Files.delete(copyOfConfiguration());
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

    @Test
    void aConfigurationThatWasNotWrittenIsTakenFromItsCopy() throws Exception {
        Path configuration = find(Damage.BAD_CONFIGURATION);
        Files.write(configuration, new byte[0]);
        assertThat(doctor()).doesNotContain("fail  ");
        CLUSTER.start(router);
        sendSome("after");
        assertThat(Files.readString(router.log())).contains("its copy takes its place");
    }

    private Path copyOfConfiguration() {
        return router.data().resolve("configuration.kept");
    }

    @Test
    void aPurgeThatWasCutShortIsFinished() throws Exception {
        Path covered = find("current", CLOSED).get(1);
        Files.delete(covered);
        assertThat(doctor()).doesNotContain("fail  ");
        CLUSTER.start(router);
        sendSome("after");
        assertThat(Files.readString(router.log())).contains("and was to be purged: deleted");
    }

    /** A kill between Ratis' setting its checkpoints aside and putting the received one in their place. */
    @Test
    void checkpointsThatWereSetAsideComeBack() throws Exception {
        Path checkpoints = checkpoints();
        Path aside = checkpoints.resolveSibling("sm.tmp20260101-000000");
        Files.move(checkpoints, aside);
        assertThat(doctor())
                .doesNotContain("fail  ")
                .contains("warn  checkpoints")
                .contains(aside + " is put back")
                .contains("1, all whole");
        CLUSTER.start(router);
        sendSome("after");
        assertThat(Files.readString(router.log())).contains(aside + " is put back");
        assertThat(aside).doesNotExist();
        assertStartsAgain();
    }

    /** A kill behind that, before the log under the received checkpoint was purged: its last segment is still an open one. */
    @Test
    void aLogThatEndsBelowTheNewestCheckpointIsRemoved() throws Exception {
        List<Path> closed = find("current", CLOSED);
        for (Path beyond : closed.subList(2, closed.size())) {
            Files.delete(beyond);
        }
        Files.delete(find(Damage.OPEN_SEGMENT));
        Path open = closed.get(1).resolveSibling("log_inprogress_" + firstEntryOf(closed.get(1)));
        Files.move(closed.get(1), open);
        assertThat(doctor()).doesNotContain("fail  ");
        CLUSTER.start(router);
        sendSome("after");
        assertThat(closed.get(0)).doesNotExist();
        assertThat(open).doesNotExist();
        assertStartsAgain();
    }

    /** From what it wrote since: with a hole in its log it would not. */
    private void assertStartsAgain() throws Exception {
        CLUSTER.kill(router);
        assertThat(doctor()).doesNotContain("fail  ").doesNotContain("warn  checkpoints");
        CLUSTER.start(router);
        sendSome("again");
    }

    private Path checkpoints() throws IOException {
        try (Stream<Path> groups = Files.list(router.data().resolve("raft"))) {
            return groups.findFirst().orElseThrow().resolve("sm");
        }
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
        return find(damage.directory, damage.name).get(damage.number);
    }

    private List<Path> find(String directory, String name) throws IOException {
        try (Stream<Path> files = Files.walk(router.data().resolve("raft"))) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().contains("/" + directory + "/"))
                    .filter(file -> file.getFileName().toString().matches(name))
                    .sorted(Comparator.comparing(DamageIT::checkpointOf)
                            .reversed()
                            .thenComparing(DamageIT::firstEntryOf))
                    .toList();
        }
    }

    private static long checkpointOf(Path file) {
        String parent = file.getName(file.getNameCount() - 2).toString();
        return parent.contains("_") ? Long.parseLong(parent.substring(parent.indexOf('_') + 1)) : 0;
    }

    private static long firstEntryOf(Path file) {
        Matcher number = Pattern.compile("log_(?:inprogress_)?(\\d+).*")
                .matcher(file.getFileName().toString());
        return number.matches() ? Long.parseLong(number.group(1)) : 0;
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
