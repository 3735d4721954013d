package io.peerlink.integration.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.peerlink.cli.local.LocalRouter;
import io.peerlink.client.OutgoingMessage;
import io.peerlink.client.admin.ClusterAdmin;
import io.peerlink.client.admin.RouterInfo.RouterAddress;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
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
    private static final int ROUNDS_TO_100_MB = 3;
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

    /** A lost disk and 100 MB of state, more than the log still holds: by the documented way, and how fast. */
    @Test
    void aRouterThatLostItsDiskIsBackInStepWith100Megabytes() {
        for (int round = 0; round < ROUNDS_TO_100_MB; round++) {
            fill("wiped" + round);
        }
        LocalRouter lost = CLUSTER.follower();
        CLUSTER.kill(lost);
        CLUSTER.forget(lost);
        await("the log of the leader is cut")
                .atMost(TestCluster.PATIENCE)
                .until(() -> firstLogIndex(CLUSTER.leader()) > 0);
        long start = System.nanoTime();
        LocalRouter newcomer = CLUSTER.prepareSuccessor(lost, "n4");
        newcomer.join();
        await("the new router answers")
                .atMost(TestCluster.PATIENCE)
                .until(() -> CLUSTER.find(newcomer).isPresent());
        new ClusterAdmin(CLUSTER.servers(), TestCluster.PATIENCE)
                .replace(lost.id(), new RouterAddress(newcomer.id(), newcomer.clientAddress(), newcomer.raftAddress()));
        await("the new router is in step")
                .atMost(TestCluster.PATIENCE)
                .until(() -> CLUSTER.info(newcomer).log().applied()
                        >= CLUSTER.info(CLUSTER.leader()).log().committed());
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        System.out.println("rejoin with 100 MB, the start of the process included: " + took.toMillis() + " ms");
        assertThat(took).isLessThan(TestCluster.PATIENCE);
        assertThat(CLUSTER.info(newcomer).log().checkpoint())
                .as("where the new router began")
                .isPositive();
        CLUSTER.awaitEqualDigests();
    }

    private static void fillALogSegment() {
        fill("install");
    }

    private static void fill(String prefix) {
        try (TestPeer writer = CLUSTER.peer(prefix + "-writer");
                TestPeer absent = CLUSTER.peer(prefix + "-absent")) {
            absent.leave();
            Random bytes = new Random(prefix.hashCode());
            CompletableFuture.allOf(Stream.generate(() -> body(prefix + "-absent", bytes))
                            .limit(LARGE_BODIES)
                            .map(writer.client()::sendAsync)
                            .toArray(CompletableFuture<?>[]::new))
                    .join();
        }
    }

    /** Random: bytes that a table cannot compress. */
    private static OutgoingMessage body(String to, Random random) {
        byte[] bytes = new byte[LARGE_BYTES];
        random.nextBytes(bytes);
        return OutgoingMessage.bytes(to, bytes, "application/octet-stream");
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
