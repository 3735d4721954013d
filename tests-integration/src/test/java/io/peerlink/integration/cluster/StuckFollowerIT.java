package io.peerlink.integration.cluster;

import static org.awaitility.Awaitility.await;

import io.peerlink.cli.local.LocalRouter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A follower's log is shorter than the leader remembers, as after a power cut on a disk that lied about its cache. Ratis 3.3.0
 * may offer it for ever what it cannot take.
 */
final class StuckFollowerIT {
    /** The next regular write is far away, so nothing but Ratis' heartbeats can help. */
    private static final Duration BEFORE_THE_NEXT_TICK = Duration.ofSeconds(20);

    @RegisterExtension
    static final TestCluster CLUSTER = TestCluster.ofThree().with("tick = 1m");

    @TempDir
    private Path scratch;

    @Test
    void aFollowerThatLostItsLastEntriesCatchesUpWhileTheClusterIsIdle() throws IOException {
        LocalRouter follower;
        try (Load load = Load.start(CLUSTER, "stuck")) {
            load.awaitMore(100);
            follower = CLUSTER.follower();
            CLUSTER.kill(follower);
            copy(follower.data(), scratch.resolve("old"));
            CLUSTER.start(follower);
            load.awaitMore(300);
            load.finish();
        }
        CLUSTER.awaitEqualDigests();
        CLUSTER.kill(follower);
        delete(follower.data());
        copy(scratch.resolve("old"), follower.data());
        follower.start();
        await("the follower catches up")
                .atMost(BEFORE_THE_NEXT_TICK)
                .until(() -> CLUSTER.find(follower)
                        .filter(info -> info.log().applied()
                                >= CLUSTER.info(CLUSTER.leader()).log().committed())
                        .isPresent());
        CLUSTER.awaitEqualDigests();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> tree = Files.walk(from)) {
            for (Path path : tree.toList()) {
                Files.copy(path, to.resolve(from.relativize(path)));
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
