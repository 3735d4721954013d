package io.peerlink.integration.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.peerlink.cli.local.LocalRouter;
import io.peerlink.client.OutgoingMessage;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A log that is cut after each checkpoint: routers come back from checkpoints, their own or the leader's. */
final class CheckpointIT {
    private static final long CHECKPOINT_ENTRIES = 100;
    private static final int SEVERAL = 4;
    /** Ratis cuts whole segments, of 32 MB: this many bodies fill more than one. */
    private static final int LARGE_BODIES = 160;

    private static final int LARGE_BYTES = 250_000;
    private static final Pattern SEGMENT = Pattern.compile("log_(?:inprogress_)?([0-9]+)(?:-[0-9]+)?");

    @RegisterExtension
    static final TestCluster CLUSTER =
            TestCluster.ofThree().with("raft { checkpoint-entries = " + CHECKPOINT_ENTRIES + ", keep-entries = 50 }");

    @Test
    void aClusterComesBackFromItsCheckpoints() {
        try (Load load = Load.start(CLUSTER, "checkpoint")) {
            LocalRouter leader = CLUSTER.leader();
            awaitCheckpointAfter(leader, CLUSTER.info(leader).log().applied() + SEVERAL * CHECKPOINT_ENTRIES);
            CLUSTER.killAll();
            CLUSTER.startAll();
            CLUSTER.routers()
                    .forEach(router -> assertThat(CLUSTER.info(router).log().checkpoint())
                            .as("checkpoint of " + router.id() + " after the restart")
                            .isPositive());
            load.awaitMore(200);
            load.finish();
        }
        CLUSTER.awaitEqualDigests();
    }

    @Test
    void aFollowerBehindTheCutLogTakesTheLeadersCheckpoint() {
        try (Load load = Load.start(CLUSTER, "install")) {
            load.awaitMore(50);
            LocalRouter away = CLUSTER.follower();
            CLUSTER.kill(away);
            LocalRouter leader = CLUSTER.leader();
            long seenByTheDead = CLUSTER.info(leader).log().applied();
            fillALogSegment();
            List<LocalRouter> others = CLUSTER.routers().stream()
                    .filter(router -> !router.id().equals(away.id()))
                    .toList();
            others.forEach(router -> await("the log of " + router.id() + " is cut beyond " + seenByTheDead)
                    .atMost(TestCluster.PATIENCE)
                    .until(() -> firstLogIndex(router) > seenByTheDead));
            CLUSTER.start(away);
            load.awaitMore(200);
            load.finish();
        }
        CLUSTER.awaitEqualDigests();
    }

    private static void fillALogSegment() {
        try (TestPeer writer = CLUSTER.peer("install-writer");
                TestPeer absent = CLUSTER.peer("install-absent")) {
            absent.leave();
            CompletableFuture.allOf(Stream.generate(() -> OutgoingMessage.bytes(
                                    "install-absent", new byte[LARGE_BYTES], "application/octet-stream"))
                            .limit(LARGE_BODIES)
                            .map(writer.client()::sendAsync)
                            .toArray(CompletableFuture<?>[]::new))
                    .join();
        }
    }

    private static void awaitCheckpointAfter(LocalRouter router, long index) {
        await("checkpoint of " + router.id() + " beyond " + index)
                .atMost(TestCluster.PATIENCE)
                .until(() -> CLUSTER.info(router).log().checkpoint() > index);
    }

    /** Where a router's log on disk begins. Lists names only: files come and go meanwhile. */
    private static long firstLogIndex(LocalRouter router) throws IOException {
        Path groups = CLUSTER.directory().resolve(router.id()).resolve("raft");
        long first = Long.MAX_VALUE;
        try (DirectoryStream<Path> logs = Files.newDirectoryStream(groups)) {
            for (Path group : logs) {
                try (Stream<Path> segments = Files.list(group.resolve("current"))) {
                    first = Math.min(first, firstIndex(segments));
                }
            }
        }
        return first;
    }

    private static long firstIndex(Stream<Path> segments) {
        return segments.map(file -> SEGMENT.matcher(String.valueOf(file.getFileName())))
                .filter(Matcher::matches)
                .mapToLong(segment -> Long.parseLong(segment.group(1)))
                .min()
                .orElseThrow();
    }
}
