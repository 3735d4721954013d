package io.peerlink.integration.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.peerlink.cli.local.LocalCluster;
import io.peerlink.cli.local.LocalRouter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data directories that a router starts from, or says why not. */
final class StartIT {
    private static final int FAILED = 1;

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
                assertThat(router.exitStatus()).as(place.toString()).isEqualTo(FAILED);
                assertThat(Files.readString(router.log()))
                        .contains("error: the router cannot start")
                        .contains(place.toString());
                cluster.delete();
            }
        }
        assertThat(file).hasContent("x");
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
