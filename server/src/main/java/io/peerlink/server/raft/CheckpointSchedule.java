package io.peerlink.server.raft;

import io.peerlink.server.config.ServerConfig;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides when a checkpoint is due: each time when so many entries were applied, and before that when bytes were. Either can be
 * what a restart takes long to replay. Has a thread of its own, which makes it while entries are applied.
 */
final class CheckpointSchedule implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(CheckpointSchedule.class);
    private static final long PERIOD_MS = 200;

    private final ReplicatedStateMachine stateMachine;
    private final Membership membership;
    private final ServerConfig.Raft limits;
    private final CheckpointTurns turns;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread created = new Thread(task, "checkpoint");
        created.setDaemon(true);
        return created;
    });
    /** The last one asked for. Own thread. */
    private CompletableFuture<?> running = CompletableFuture.completedFuture("none");

    CheckpointSchedule(ReplicatedStateMachine stateMachine, Membership membership, ServerConfig config) {
        this.stateMachine = stateMachine;
        this.membership = membership;
        this.limits = config.raft();
        this.turns = CheckpointTurns.of(
                config.routerId(),
                config.routers().stream().map(ServerConfig.RouterAddress::id).toList(),
                limits.checkpointEntries());
    }

    void start() {
        thread.scheduleWithFixedDelay(this::makeIfDue, PERIOD_MS, PERIOD_MS, TimeUnit.MILLISECONDS);
    }

    private void makeIfDue() {
        try {
            if (running.isDone() && isDue()) {
                stateMachine.prepareCheckpoint();
                running = membership.takeCheckpoint().thenAccept(CheckpointSchedule::tell);
            }
        } catch (RuntimeException e) {
            // The next turn tries again; if the disk is at fault, the next entry that is applied ends the process.
            if (!thread.isShutdown()) {
                LOGGER.warn("no checkpoint now", e);
            }
        }
    }

    private static void tell(MembershipOutcome outcome) {
        if (!(outcome instanceof MembershipOutcome.Done)) {
            LOGGER.warn("no checkpoint now: {}", outcome);
        }
    }

    private boolean isDue() {
        return turns.isDue(stateMachine.newestIndex(), stateMachine.appliedIndex())
                || stateMachine.bytesSinceCheckpoint() >= limits.checkpointBytes();
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
