package io.peerlink.cli.bench;

import io.peerlink.cli.local.LocalRouter;
import io.peerlink.cli.local.Waiting;
import io.peerlink.client.ClientBuilder;
import io.peerlink.client.PeerLinkClient;
import io.peerlink.client.RouterTrust;
import io.peerlink.client.identity.Identity;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import org.HdrHistogram.Histogram;

/**
 * Puts load on a cluster and measures it. Sends at a fixed rate leave when they are due, answered or not (open loop); without a
 * rate each outcome lets the next send go (closed loop). Afterwards it looks whether all that was acknowledged was delivered.
 */
final class LoadBench implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /** Below the routers' limit of unsettled requests, so that a stall is answered and not refused. */
    static final int UNSETTLED_MAX = 15_000;

    /** Deliveries that may be on their way to this process, or wait in it: they share its heap. */
    private static final int CREDIT_ALL = 100_000;

    private static final int CREDIT_MIN = 100;
    private static final int CREDIT_MAX = 10_000;
    private static final int AWAY_AT_ONCE = 32;
    /** For one of them, on average. */
    private static final int AWAY_MS_MAX = 100;

    private final List<String> servers;
    private final RouterTrust trust;
    private final List<LocalRouter> routers;
    private final Workload plan;
    private final LoadMeter acknowledgements = new LoadMeter();
    private final LoadMeter deliveries = new LoadMeter();
    private final List<LoadSender> senders = new ArrayList<>();
    private final List<LoadReceiver> receivers = new ArrayList<>();
    private final List<PeerLinkClient> idle = new ArrayList<>();
    /** A run's names are its own: what an earlier run left in an inbox is not counted. */
    private final String run = "bench-" + HexFormat.of().toHexDigits(new SecureRandom().nextInt()) + "-";

    private final AtomicInteger joinedAway = new AtomicInteger();
    private long heldBack;

    /**
     * What was measured.
     *
     * @param rate of what the workload times: acknowledged sends, or deliveries, a second
     * @param micros its latencies
     * @param heldBack sends that were due and did not leave, as too many had no outcome
     * @param perSecond of what the workload times, how many happened in each second
     */
    record Result(
            double rate,
            Histogram micros,
            double acknowledgedRate,
            Histogram acknowledgedMicros,
            long acknowledged,
            long delivered,
            long lost,
            long doubled,
            long errors,
            long heldBack,
            List<Long> perSecond,
            List<RouterUse> routers) {
        /** Whether all that was acknowledged was delivered once, and nothing failed. */
        boolean good() {
            return lost == 0 && doubled == 0 && errors == 0 && heldBack == 0;
        }
    }

    /** {@code routers}: those whose use is told; none if they are not ours. */
    LoadBench(List<String> servers, RouterTrust trust, List<LocalRouter> routers, Workload plan) {
        this.servers = servers;
        this.trust = trust;
        this.routers = routers;
        this.plan = plan;
    }

    /** Runs the workload; {@code seconds} is told once a second, warm-up included, how many happened in that second. */
    Result run(LongConsumer seconds) throws InterruptedException {
        connect();
        Thread pacer = new Thread(this::pace, "pacer");
        pacer.setDaemon(true);
        if (plan.rate() > 0) {
            pacer.start();
        } else {
            senders.forEach(sender -> sender.keepInFlight(plan.inFlight()));
        }
        watch(plan.warmUp(), seconds);
        List<RouterUse> before = routers.stream().map(RouterUse::of).toList();
        acknowledgements.open();
        deliveries.open();
        List<Long> perSecond = watch(plan.time(), seconds);
        acknowledgements.close();
        deliveries.close();
        List<RouterUse> after = routers.stream().map(RouterUse::of).toList();
        senders.forEach(LoadSender::stop);
        pacer.interrupt();
        pacer.join();
        Waiting.until(
                "an outcome of every send",
                PATIENCE,
                () -> senders.stream().allMatch(sender -> sender.unsettled() == 0));
        return result(awaitDeliveries(), perSecond, since(before, after));
    }

    private void connect() throws InterruptedException {
        for (int i = 0; i < plan.receivers(); i++) {
            LoadReceiver receiver = new LoadReceiver(client("r" + i, 1), deliveries);
            receivers.add(receiver);
            if (plan.shape().readsAlong()) {
                receiver.read();
            }
        }
        for (int i = 0; i < plan.idle(); i++) {
            idle.add(client("i" + i, 1));
        }
        for (int i = 0; i < plan.senders(); i++) {
            PeerLinkClient client = client("s" + i, plan.rate() > 0 ? UNSETTLED_MAX : plan.inFlight());
            String to = run + "r" + i % plan.receivers();
            if (plan.shape() == Workload.Shape.FANOUT) {
                to = run + "group";
                client.createGroup(to).join();
            }
            senders.add(new LoadSender(client, to, plan.size(), acknowledgements));
        }
        if (plan.shape() == Workload.Shape.FANOUT) {
            receivers.stream()
                    .map(receiver -> receiver.client().joinGroup(run + "group"))
                    .toList()
                    .forEach(joined -> joined.join());
            joinAndLeave();
        }
    }

    /** Those members that are away. */
    private void joinAndLeave() throws InterruptedException {
        ExecutorService several = Executors.newFixedThreadPool(AWAY_AT_ONCE);
        try {
            for (int i = 0; i < plan.away(); i++) {
                String name = "a" + i;
                several.submit(() -> {
                    try (PeerLinkClient member = client(name, 1)) {
                        member.joinGroup(run + "group").join();
                        joinedAway.incrementAndGet();
                    }
                });
            }
            several.shutdown();
            Waiting.until(
                    "all members that are to be away",
                    PATIENCE.plusMillis((long) AWAY_MS_MAX * plan.away()),
                    several::isTerminated);
            if (joinedAway.get() < plan.away()) {
                throw new IllegalStateException("only " + joinedAway + " of " + plan.away() + " members could join");
            }
        } finally {
            several.shutdownNow();
        }
    }

    private PeerLinkClient client(String name, int inFlight) {
        ClientBuilder builder = PeerLinkClient.builder()
                .servers(servers)
                .trust(trust)
                .identity(Identity.generate(run + name))
                .maxInFlight(Math.max(1, inFlight))
                .maxBufferedBytes(Long.MAX_VALUE)
                .credit(Math.max(CREDIT_MIN, Math.min(CREDIT_MAX, CREDIT_ALL / plan.receivers())))
                .connectTimeout(PATIENCE)
                .requestTimeout(PATIENCE)
                .agent("peerlink-bench");
        return builder.build().connect();
    }

    private List<Long> watch(Duration time, LongConsumer seconds) throws InterruptedException {
        List<Long> counts = new ArrayList<>();
        long end = System.nanoTime() + time.toNanos();
        long before = happened();
        for (long now = System.nanoTime(); now < end; now = System.nanoTime()) {
            Thread.sleep(Math.max(1, Math.min(1_000, TimeUnit.NANOSECONDS.toMillis(end - now))));
            long count = happened();
            seconds.accept(count - before);
            counts.add(count - before);
            before = count;
        }
        return List.copyOf(counts);
    }

    private long happened() {
        return plan.shape() == Workload.Shape.SEND ? acknowledged() : delivered();
    }

    private long acknowledged() {
        return senders.stream().mapToLong(LoadSender::acknowledged).sum();
    }

    private LoadMeter primary() {
        return plan.shape() == Workload.Shape.SEND ? acknowledgements : deliveries;
    }

    private void pace() {
        long step = TimeUnit.SECONDS.toNanos(1) / plan.rate();
        long due = System.nanoTime();
        for (int turn = 0; !Thread.currentThread().isInterrupted(); turn = (turn + 1) % senders.size()) {
            for (long early = due - System.nanoTime(); early > 0; early = due - System.nanoTime()) {
                LockSupport.parkNanos(early);
                if (Thread.currentThread().isInterrupted()) {
                    return;
                }
            }
            if (senders.get(turn).unsettled() < UNSETTLED_MAX) {
                senders.get(turn).send(due);
            } else {
                heldBack++;
            }
            due += step;
        }
    }

    /** Returns how many deliveries there must be. */
    private long awaitDeliveries() throws InterruptedException {
        if (!plan.shape().readsAlong()) {
            receivers.forEach(LoadReceiver::read);
        }
        long due = acknowledged() * (plan.shape() == Workload.Shape.FANOUT ? plan.receivers() : 1);
        long seen = -1;
        // As long as it goes on it may take its time.
        while (delivered() < due && delivered() > seen) {
            seen = delivered();
            Waiting.atMost(Duration.ofSeconds(10), () -> delivered() >= due);
        }
        receivers.forEach(receiver -> receiver.drain(PATIENCE));
        return due;
    }

    private long delivered() {
        return receivers.stream().mapToLong(LoadReceiver::delivered).sum();
    }

    private static List<RouterUse> since(List<RouterUse> before, List<RouterUse> after) {
        List<RouterUse> use = new ArrayList<>();
        for (int i = 0; i < after.size(); i++) {
            use.add(after.get(i).since(before.get(i)));
        }
        return List.copyOf(use);
    }

    private Result result(long due, List<Long> perSecond, List<RouterUse> use) {
        long doubled = receivers.stream().mapToLong(LoadReceiver::doubled).sum();
        return new Result(
                primary().perSecond(),
                primary().micros(),
                acknowledgements.perSecond(),
                acknowledgements.micros(),
                acknowledged(),
                delivered(),
                Math.max(0, due - (delivered() - doubled)),
                doubled,
                senders.stream().mapToLong(LoadSender::errors).sum(),
                heldBack,
                perSecond,
                use);
    }

    @Override
    public void close() {
        senders.forEach(LoadSender::close);
        receivers.forEach(LoadReceiver::close);
        idle.forEach(PeerLinkClient::close);
    }
}
