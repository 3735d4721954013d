package io.peerlink.cli.bench;

import io.peerlink.cli.local.LocalCluster;
import io.peerlink.cli.local.LocalRouter;
import io.peerlink.cli.local.Waiting;
import io.peerlink.client.OutgoingMessage;
import io.peerlink.client.PeerLinkClient;
import io.peerlink.client.admin.RouterInfo;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Sends at a fixed rate to one receiver while leader after leader is taken away, and measures how long acknowledgements stay
 * away each time. Open loop: a send that is due leaves, answered or not, so that a stall is not hidden.
 */
final class FailoverBench implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Below the routers' limit of unsettled requests, so that a stall is answered and not refused. */
    private static final int UNSETTLED_MAX = 15_000;

    private final BenchCluster bench;
    private final LocalCluster cluster;
    private final Plan plan;
    private final Ledger ledger = new Ledger();
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger unsettled = new AtomicInteger();
    private final AtomicLong heldBack = new AtomicLong();
    private final AtomicLong errors = new AtomicLong();
    private final ScheduledExecutorService pacer =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "pacer"));

    /**
     * What to do.
     *
     * @param rate sends per second
     * @param size bytes in a body, at least enough for its number
     * @param warmUpSeconds of undisturbed sending before the first round: processes that have just started are still
     *     compiling what they do
     */
    record Plan(Disruption disruption, int rounds, int rate, int size, int warmUpSeconds) {}

    /**
     * One leader taken away.
     *
     * @param gapMs the longest time between two acknowledgements around it
     * @param diskMs the longest time that the disk under all routers took for one block meanwhile
     */
    record Round(long gapMs, long diskMs) {}

    /**
     * What happened.
     *
     * @param longestGapMs in the whole run, the returns of the routers included
     * @param heldBack sends that were due and did not leave, as too many had no outcome
     * @param errors sends that failed
     */
    record Result(
            List<Round> rounds,
            long longestGapMs,
            long acknowledged,
            long lost,
            long doubled,
            long outOfOrder,
            long heldBack,
            long errors) {
        boolean good() {
            return lost == 0 && doubled == 0 && outOfOrder == 0 && heldBack == 0 && errors == 0;
        }
    }

    FailoverBench(BenchCluster bench, Plan plan) {
        this.bench = bench;
        this.cluster = bench.routers();
        this.plan = plan;
    }

    /**
     * Runs all rounds.
     *
     * @param progress told each round
     */
    Result run(Consumer<Round> progress) throws InterruptedException, IOException {
        cluster.start();
        cluster.awaitLeader(PATIENCE);
        try (DiskWatch disk = new DiskWatch(bench.directory());
                PeerLinkClient receiver = bench.connect("receiver", PATIENCE);
                PeerLinkClient sender = bench.connect("sender", PATIENCE)) {
            receiver.subscribe(message -> ledger.presented(numberOf(message.text())));
            pacer.scheduleAtFixedRate(
                    () -> send(sender), 0, TimeUnit.SECONDS.toNanos(1) / plan.rate, TimeUnit.NANOSECONDS);
            Waiting.until(
                    "the warm-up",
                    PATIENCE.plusSeconds(plan.warmUpSeconds),
                    () -> ledger.acknowledgedCount() >= plan.rate * plan.warmUpSeconds);
            List<Round> rounds = new ArrayList<>();
            for (int i = 0; i < plan.rounds; i++) {
                Round round = round(disk);
                rounds.add(round);
                progress.accept(round);
            }
            pacer.shutdown();
            pacer.awaitTermination(1, TimeUnit.SECONDS);
            await("an outcome of every send", () -> unsettled.get() == 0);
            Waiting.atMost(PATIENCE, () -> ledger.presentedCount() >= ledger.acknowledgedCount());
            return new Result(
                    List.copyOf(rounds),
                    ledger.longestGapMs(),
                    ledger.acknowledgedCount(),
                    ledger.lost(),
                    ledger.doubled(),
                    ledger.outOfOrder(),
                    heldBack.get(),
                    errors.get());
        }
    }

    private void send(PeerLinkClient sender) {
        if (unsettled.get() >= UNSETTLED_MAX) {
            heldBack.incrementAndGet();
            return;
        }
        int number = sent.getAndIncrement();
        unsettled.incrementAndGet();
        sender.sendAsync(OutgoingMessage.text("receiver", text(number))).whenComplete((receipt, failure) -> {
            if (failure == null) {
                ledger.acknowledged(number, receipt.id());
            } else {
                errors.incrementAndGet();
            }
            unsettled.decrementAndGet();
        });
    }

    private String text(int number) {
        String digits = String.valueOf(number);
        return digits + " ".repeat(Math.max(0, plan.size - digits.length()));
    }

    private static int numberOf(String text) {
        return Integer.parseInt(text.strip());
    }

    private Round round(DiskWatch disk) throws InterruptedException, IOException {
        await("three routers in step", this::inStep);
        int before = ledger.acknowledgedCount();
        await("a second of acknowledgements", () -> ledger.acknowledgedCount() >= before + plan.rate);
        LocalRouter leader = cluster.awaitLeader(PATIENCE);
        int first = ledger.acknowledgedCount() - 1;
        long began = System.nanoTime();
        plan.disruption.inject(leader);
        int sentBefore = sent.get();
        await("acknowledgements from another leader", () -> ledger.acknowledgedCount() >= sentBefore + plan.rate);
        Round round = new Round(ledger.longestGapMs(first), disk.longestMs(began));
        plan.disruption.heal(leader);
        return round;
    }

    private boolean inStep() {
        List<RouterInfo> routers = cluster.routers().stream()
                .map(router -> cluster.info(router, false))
                .flatMap(Optional::stream)
                .toList();
        long committed = routers.stream()
                .mapToLong(router -> router.log().committed())
                .max()
                .orElse(0);
        return routers.size() == cluster.routers().size()
                && routers.stream().anyMatch(RouterInfo::ready)
                && routers.stream().allMatch(router -> router.log().applied() >= committed - plan.rate);
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        Waiting.until(what, PATIENCE, condition);
    }

    @Override
    public void close() {
        pacer.shutdownNow();
    }
}
