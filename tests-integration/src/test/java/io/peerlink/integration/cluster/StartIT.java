package io.peerlink.integration.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.peerlink.cli.local.LocalCluster;
import io.peerlink.cli.local.LocalRouter;
import io.peerlink.cli.local.RouterPlace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data directories that a router starts from, or says why not. */
final class StartIT {
    private static final int FAILED = 1;
    private static final int USAGE = 2;

    @TempDir
    private Path scratch;

    private LocalCluster single(String name, Path data) {
        return LocalCluster.prepare(Distribution.home(), scratch.resolve(name), 1, "data-dir = \"" + data + "\"");
    }

    @Test
    void aPlaceThatCannotBeOneIsNamed() throws IOException {
        Path file = Files.writeString(scratch.resolve("file"), "x");
        for (Path place : List.of(file, file.resolve("below"), Path.of("/proc/peerlink"))) {
            try (LocalCluster cluster = single("no-place", place)) {
                LocalRouter router = cluster.routers().get(0);
                router.start();
                boolean below = place.startsWith(file);
                assertThat(router.exitStatus()).as(place.toString()).isEqualTo(below ? USAGE : FAILED);
                assertThat(Files.readString(router.log()))
                        .contains(below ? "error: CONFIG " : "error: the router cannot start")
                        .contains(place.toString());
                cluster.delete();
            }
        }
        assertThat(file).hasContent("x");
    }

    /** The build goes on without archives where a JVM makes none, so a rehearsal that fails would show in nothing but slow starts. */
    @Test
    void classesComeFromTheArchivesThatTheBuildMade() throws Exception {
        Path loaded = scratch.resolve("loaded");
        Map<String, String> logging = Map.of("PEERLINK_JAVA_OPTS", "-Xlog:class+load:file=" + loaded);
        RouterPlace place = new RouterPlace(RouterPlace.LOOPBACK.host(), List.of(), logging);
        try (LocalCluster cluster =
                LocalCluster.prepare(Distribution.home(), scratch.resolve("quick"), List.of(place), "")) {
            cluster.start();
            cluster.awaitLeader(TestCluster.PATIENCE);
        }
        assertThat(loaded).content().containsPattern("io.peerlink.server.PeerLinkServer source: shared objects file");

        ProcessBuilder command = new ProcessBuilder(
                Distribution.home().resolve("bin/peerlink").toString(), "cluster", "status", "--help");
        command.environment().putAll(logging);
        assertThat(command.redirectErrorStream(true)
                        .redirectOutput(scratch.resolve("help").toFile())
                        .start()
                        .waitFor())
                .isZero();
        assertThat(loaded).content().containsPattern("io.peerlink.cli.PeerLinkCli source: shared objects file");
    }

    /** Libraries that were unpacked there, 17 MB at each start, would be left by each router that is killed. */
    @Test
    void aRouterThatIsKilledLeavesNothingInTheTemporaryDirectory() throws IOException {
        Path temporary = Files.createDirectory(scratch.resolve("temporary"));
        Map<String, String> options = Map.of("PEERLINK_JAVA_OPTS", "-Djava.io.tmpdir=" + temporary);
        RouterPlace place = new RouterPlace(RouterPlace.LOOPBACK.host(), List.of(), options);
        try (LocalCluster cluster =
                LocalCluster.prepare(Distribution.home(), scratch.resolve("killed"), List.of(place), "")) {
            cluster.start();
            cluster.awaitLeader(TestCluster.PATIENCE);
            cluster.routers().get(0).kill();
        }
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void aLinkIsFollowed() throws IOException {
        Path real = Files.createDirectory(scratch.resolve("real"));
        Path link = Files.createSymbolicLink(scratch.resolve("link"), real);
        try (LocalCluster cluster = single("linked", link)) {
            cluster.start();
            cluster.awaitLeader(TestCluster.PATIENCE);
        }
        assertThat(real.resolve("router.properties")).exists();
        assertThat(link).isSymbolicLink();
    }

    @Test
    void oneIsForOneRouterAtATime() throws IOException {
        Path data = scratch.resolve("data");
        try (LocalCluster first = single("first", data);
                LocalCluster second = single("second", data)) {
            first.start();
            first.awaitLeader(TestCluster.PATIENCE);
            LocalRouter late = second.routers().get(0);
            late.start();
            await("it gives up").atMost(TestCluster.PATIENCE).until(() -> !late.isRunning());
            assertThat(late.exitStatus()).isEqualTo(FAILED);
            assertThat(Files.readString(late.log())).contains("error: the router cannot start");
            assertThat(first.info(first.routers().get(0), false)).isPresent();
        }
    }
}
