package io.peerlink.cli.bench;

import io.peerlink.cli.CliException;
import io.peerlink.cli.ExitCode;
import io.peerlink.cli.local.LocalCluster;
import io.peerlink.cli.local.LocalRouter;
import io.peerlink.cli.local.Waiting;
import io.peerlink.client.OutgoingMessage;
import io.peerlink.client.PeerLinkClient;
import io.peerlink.client.admin.ClusterAdmin;
import io.peerlink.client.admin.RouterInfo;
import io.peerlink.client.admin.RouterInfo.RouterAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Fills a cluster and measures how long a follower takes to be back in step after it was away. Not thread-safe. */
final class RecoveryBench {
    /** So little of the log is kept that whoever is away for {@link #BEYOND_THE_LOG_MB} needs a checkpoint. */
    static final String CONFIG = "raft.keep-entries = 100";

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int BODY_BYTES = 64 << 10;
    private static final int IN_FLIGHT = 200;
    private static final int MEGABYTE = 1_000_000;
    /** More than two of Ratis' log segments of 32 MiB: the closed ones are dropped behind a checkpoint. */
    private static final int BEYOND_THE_LOG_MB = 80;

    private final BenchCluster bench;
    private final LocalCluster cluster;
    /** Bytes that a table cannot compress. */
    private final Random random = new Random(1);

    /**
     * What was measured.
     *
     * @param megabytes of messages in the state before the first measurement
     * @param restartedMs after SIGKILL with nothing missed
     * @param awayMs after the log was dropped that it would have needed
     * @param awayInstalled whether it really took a checkpoint from the leader then
     * @param replacedMs a new router in the place of one that lost its disk
     */
    record Result(int megabytes, long restartedMs, long awayMs, boolean awayInstalled, long replacedMs) {}

    RecoveryBench(BenchCluster bench) {
        this.bench = bench;
        this.cluster = bench.routers();
    }

    /** Does everything once. */
    Result run(int megabytes) throws InterruptedException {
        cluster.start();
        cluster.awaitLeader(PATIENCE);
        fill("filler", megabytes);
        for (LocalRouter router : cluster.routers()) {
            awaitInStep(router);
        }
        LocalRouter follower = follower();
        follower.kill();
        long restarted = measure(follower, follower::start);

        follower.kill();
        fill("beyond", BEYOND_THE_LOG_MB);
        for (LocalRouter router : cluster.routers()) {
            if (router.isRunning()) {
                admin().checkpoint(router.clientAddress());
            }
        }
        long offered = info(cluster.awaitLeader(PATIENCE)).log().checkpoint();
        long away = measure(follower, follower::start);
        // One that it made by itself, out of the log, would lie elsewhere.
        boolean installed = info(follower).log().checkpoint() == offered;

        follower.kill();
        cluster.forget(follower);
        LocalRouter successor = cluster.prepareSuccessor(follower, "n4");
        long replaced = measure(successor, () -> replace(follower, successor));
        return new Result(megabytes, restarted, away, installed, replaced);
    }

    private interface Return {
        void begin() throws InterruptedException;
    }

    private long measure(LocalRouter router, Return how) throws InterruptedException {
        long start = System.nanoTime();
        how.begin();
        awaitInStep(router);
        return Duration.ofNanos(System.nanoTime() - start).toMillis();
    }

    private void replace(LocalRouter gone, LocalRouter successor) throws InterruptedException {
        successor.join();
        Waiting.until(
                "an answer of " + successor.id(),
                PATIENCE,
                () -> cluster.info(successor, false).isPresent());
        admin().replace(
                        gone.id(),
                        new RouterAddress(successor.id(), successor.clientAddress(), successor.raftAddress()));
    }

    private ClusterAdmin admin() {
        return new ClusterAdmin(cluster.servers(), PATIENCE);
    }

    private LocalRouter follower() {
        LocalRouter leader = cluster.awaitLeader(PATIENCE);
        return cluster.routers().stream()
                .filter(router -> !router.id().equals(leader.id()))
                .findFirst()
                .orElseThrow();
    }

    private RouterInfo info(LocalRouter router) {
        return cluster.info(router, false)
                .orElseThrow(() -> new CliException(ExitCode.FAILED, "STUCK", router.id() + " does not answer", ""));
    }

    private long committed() {
        return info(cluster.awaitLeader(PATIENCE)).log().committed();
    }

    private void awaitInStep(LocalRouter router) throws InterruptedException {
        long committed = committed();
        Waiting.until(
                router.id() + " in step",
                PATIENCE,
                () -> cluster.info(router, false)
                        .map(info -> info.log().applied() >= committed)
                        .orElse(false));
    }

    /** Messages to a peer that is away. */
    private void fill(String name, int megabytes) throws InterruptedException {
        try (PeerLinkClient absent = bench.connect(name + "-absent", PATIENCE)) {
            absent.drain(PATIENCE);
        }
        Semaphore window = new Semaphore(IN_FLIGHT);
        AtomicReference<@Nullable Throwable> failed = new AtomicReference<>();
        try (PeerLinkClient writer = bench.connect(name, PATIENCE)) {
            for (long sent = 0; sent < (long) megabytes * MEGABYTE && failed.get() == null; sent += BODY_BYTES) {
                byte[] body = new byte[BODY_BYTES];
                random.nextBytes(body);
                window.acquire();
                writer.sendAsync(OutgoingMessage.bytes(name + "-absent", body, "application/octet-stream"))
                        .whenComplete((receipt, failure) -> {
                            if (failure != null) {
                                failed.set(failure);
                            }
                            window.release();
                        });
            }
            window.acquire(IN_FLIGHT);
        }
        Optional.ofNullable(failed.get()).ifPresent(failure -> {
            throw new CliException(ExitCode.FAILED, "SEND_FAILED", String.valueOf(failure.getMessage()), "");
        });
    }
}
