package io.peerlink.server.dispatch;

import io.peerlink.log.v1.Command;
import io.peerlink.log.v1.Tick;
import io.peerlink.server.config.ServerConfig;
import io.peerlink.server.submit.CommandBatcher;
import io.peerlink.server.submit.OutcomeListener;
import io.peerlink.statemachine.Outcome;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The leader's heartbeat through the log: moves the cluster clock, expires and trims. It also gives an idle cluster a
 * regular write, without which a follower that lost its log is never found to be behind (a fault of Ratis 3.3.0).
 */
public final class Ticker implements AutoCloseable {
    private static final int ROWS_PER_TICK = 1_000;

    private final CommandBatcher batcher;
    private final Command tick;
    private final AtomicBoolean leading = new AtomicBoolean();
    private final AtomicBoolean underWay = new AtomicBoolean();
    private final ScheduledExecutorService timer;
    private final ScheduledFuture<?> schedule;

    /** Ticks on a thread of its own. */
    public Ticker(CommandBatcher batcher, ServerConfig config) {
        this(batcher, config, Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "tick")));
    }

    /** Ticks on {@code timer}, which it takes over. */
    public Ticker(CommandBatcher batcher, ServerConfig config, ScheduledExecutorService timer) {
        this.batcher = batcher;
        this.timer = timer;
        this.tick = Command.newBuilder()
                .setTick(Tick.newBuilder()
                        .setHistoryRetentionMs(config.retention().history().toMillis())
                        .setIncarnationRetentionMs(
                                config.retention().incarnations().toMillis())
                        .setRowsMax(ROWS_PER_TICK))
                .build();
        long periodMs = config.tick().toMillis();
        this.schedule = timer.scheduleAtFixedRate(this::propose, periodMs, periodMs, TimeUnit.MILLISECONDS);
    }

    /** Only the leader ticks. */
    public void setLeading(boolean leads) {
        leading.set(leads);
    }

    private void propose() {
        // One at a time: a log without a majority must not pile up ticks.
        if (leading.get() && underWay.compareAndSet(false, true)) {
            batcher.submit(CommandBatcher.ROUTER, tick, new TickOutcome());
        }
    }

    private final class TickOutcome implements OutcomeListener {
        @Override
        public void onOutcome(Outcome outcome) {
            underWay.set(false);
            if (outcome instanceof Outcome.Ticked ticked && ticked.workLeft()) {
                propose();
            }
        }

        @Override
        public void onUnknown(String reason, Optional<String> leaderAddress) {
            underWay.set(false);
        }
    }

    @Override
    public void close() {
        schedule.cancel(false);
        timer.shutdownNow();
    }
}
