package io.peerlink.server.submit;

import io.peerlink.log.v1.Batch;
import io.peerlink.log.v1.Command;
import io.peerlink.server.config.ServerConfig;
import io.peerlink.server.raft.CommandLog;
import io.peerlink.server.raft.CommandLog.AppendResult;
import io.peerlink.server.raft.FatalFault;
import io.peerlink.statemachine.Outcome;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers the commands of all sessions into log entries.
 *
 * <p>How it works: one thread appends entries. An entry leaves at once if none is on its way to a majority. While some are,
 * commands pile up until they fill {@value #COMPANY_BYTES} bytes or all that was on its way has arrived; only so many
 * entries may be under way at once (the window). So an idle router sends a batch of one without waiting for company, a busy
 * one sends large batches side by side, and no timer is involved: Nagle's rule (RFC 896), over the dispatch window of Oxia's
 * Batcher. Small entries side by side would be no faster, as what an entry costs is the processor, not the way. Order in the
 * log is the order of {@link #submit} calls.
 *
 * <p>If nothing arrives for {@value #PATIENCE_MS} ms, an entry leaves all the same, full or empty, beyond the window too. When a
 * follower's answer is lost with its connection, Ratis (3.3.0) does not ask again: only the answer to a further entry confirms
 * what is under way. Were further entries to wait for that, a leader that everybody follows would stand still for ever.
 *
 * <p>Threads: {@link #submit} and {@link #whenRoom} from any thread, they never block. The submit thread owns batching. The
 * replies thread calls the listeners, in log order. Memory is bounded by {@code waiting-bytes} as long as callers read more
 * input only through {@link #whenRoom}.
 */
public final class CommandBatcher implements AutoCloseable {
    /** Written into each entry; a router that does not know it halts. */
    public static final int BATCH_FORMAT = 2;

    private static final Logger LOGGER = LoggerFactory.getLogger(CommandBatcher.class);
    /** What a waiting command costs beside its bytes. */
    private static final int COMMAND_OVERHEAD_BYTES = 200;
    /** So many waiting bytes are worth an entry of their own beside others that are under way. */
    static final int COMPANY_BYTES = 16 * 1024;
    /** Longer than a majority takes on a busy machine, shorter than clients wait before they look for another leader. */
    private static final int PATIENCE_MS = 250;

    private final CommandLog log;
    private final ServerConfig.Raft settings;
    private final InstantSource clock;
    private final Thread submitThread = new Thread(this::run, "submit");
    /** Set before the submit thread starts. */
    private long patienceNanos = TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS);

    private final ExecutorService replies;

    private final ReentrantLock lock = new ReentrantLock();
    /** More waits, or less is under way. */
    private final Condition changed = lock.newCondition();

    private final ArrayDeque<Pending> waiting = new ArrayDeque<>();
    private final List<Runnable> waitingForRoom = new ArrayList<>();
    private long waitingBytes;
    private long unsettledBytes;
    private int underWay;
    private boolean closed;

    /** A command with its listener. */
    public record Submission(Command command, OutcomeListener listener) {}

    /** A submission, and whether the next one belongs into the same entry. */
    private record Pending(Submission submission, int bytes, boolean withNext) {}

    /** Tells outcomes on a thread of its own. */
    public CommandBatcher(CommandLog log, ServerConfig.Raft settings, InstantSource clock) {
        this(log, settings, clock, Executors.newSingleThreadExecutor(task -> new Thread(task, "replies")));
    }

    /** Tells outcomes on {@code replies}, which it takes over; it must keep the order. */
    public CommandBatcher(CommandLog log, ServerConfig.Raft settings, InstantSource clock, ExecutorService replies) {
        this.log = log;
        this.settings = settings;
        this.clock = clock;
        this.replies = replies;
    }

    /** Starts the submit thread. Without it, whoever calls {@link #appendNext} is the submit thread. */
    public void start() {
        submitThread.start();
    }

    /** As {@link #start()}; an entry leaves after so long at the latest while others are under way. */
    void start(Duration patience) {
        patienceNanos = patience.toNanos();
        start();
    }

    /** Takes a command for the next entry that has room. */
    public void submit(Command command, OutcomeListener listener) {
        submit(List.of(new Submission(command, listener)));
    }

    /** Takes a few commands for one entry: all of them come into the log, in this order, or none. */
    public void submit(List<Submission> together) {
        lock.lock();
        try {
            if (!closed) {
                for (int i = 0; i < together.size(); i++) {
                    Submission submission = together.get(i);
                    int bytes = submission.command().getSerializedSize() + COMMAND_OVERHEAD_BYTES;
                    waiting.add(new Pending(submission, bytes, i < together.size() - 1));
                    waitingBytes += bytes;
                    unsettledBytes += bytes;
                }
                changed.signal();
                return;
            }
        } finally {
            lock.unlock();
        }
        together.forEach(each -> each.listener().onUnknown("the router is going down", Optional.empty()));
    }

    /**
     * Runs the task once there is room for more commands: at once if there is, else on the replies thread. A source of
     * commands keeps at most one task waiting.
     */
    public void whenRoom(Runnable task) {
        lock.lock();
        try {
            if (unsettledBytes >= settings.waitingBytes() && !closed) {
                waitingForRoom.add(task);
                return;
            }
        } finally {
            lock.unlock();
        }
        task.run();
    }

    private void run() {
        try {
            while (true) {
                append(nextBatch());
            }
        } catch (InterruptedException e) {
            LOGGER.debug("submit thread ends");
        } catch (RuntimeException | Error e) {
            // Without this thread commands would pile up and nobody would be told.
            FatalFault.LOG_CLOSED.halt("the log takes no entries", e);
        }
    }

    /**
     * One step of the submit thread that does not wait: appends what waits, if its time has come.
     *
     * @return whether an entry was appended
     */
    public boolean appendNext() {
        List<Pending> batch;
        lock.lock();
        try {
            if (!isDue()) {
                return false;
            }
            batch = takeBatch();
        } finally {
            lock.unlock();
        }
        append(batch);
        return true;
    }

    private List<Pending> nextBatch() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long patience = patienceNanos;
            while (!isDue() && patience > 0) {
                if (underWay == 0) {
                    changed.await();
                } else {
                    patience = changed.awaitNanos(patience);
                }
            }
            return takeBatch();
        } finally {
            lock.unlock();
        }
    }

    private boolean isDue() {
        return !waiting.isEmpty() && (underWay == 0 || (underWay < settings.batchesInFlight() && isWorthAnEntry()));
    }

    private boolean isWorthAnEntry() {
        return waitingBytes >= Math.min(COMPANY_BYTES, settings.batchBytes())
                || waiting.size() >= settings.batchCommands();
    }

    private List<Pending> takeBatch() {
        List<Pending> batch = new ArrayList<>();
        int bytes = 0;
        boolean joined = false;
        while (!waiting.isEmpty()
                && (joined || (bytes < settings.batchBytes() && batch.size() < settings.batchCommands()))) {
            Pending next = waiting.remove();
            bytes += next.bytes();
            batch.add(next);
            joined = next.withNext();
        }
        waitingBytes -= bytes;
        underWay++;
        return batch;
    }

    private void arrived() {
        lock.lock();
        try {
            underWay--;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void append(List<Pending> pending) {
        Batch.Builder batch = Batch.newBuilder().setFormat(BATCH_FORMAT).setTimeMs(clock.millis());
        pending.forEach(each -> batch.addCommands(each.submission().command()));
        log.append(batch.build()).thenAccept(result -> {
            arrived();
            try {
                replies.execute(() -> settle(pending, result));
            } catch (RejectedExecutionException e) {
                LOGGER.debug("closed before the outcomes of {} commands came", pending.size());
            }
        });
    }

    private void settle(List<Pending> pending, AppendResult result) {
        int bytes = 0;
        for (int i = 0; i < pending.size(); i++) {
            bytes += pending.get(i).bytes();
            try {
                tell(pending.get(i).submission().listener(), result, i);
            } catch (RuntimeException e) {
                LOGGER.error("an outcome could not be handed on", e);
            }
        }
        free(bytes);
    }

    private static void tell(OutcomeListener listener, AppendResult result, int place) {
        if (result instanceof AppendResult.Applied applied) {
            Outcome outcome = applied.result().outcomes().get(place);
            listener.onOutcome(outcome);
        } else if (result instanceof AppendResult.Unknown unknown) {
            listener.onUnknown(unknown.reason(), unknown.leaderAddress());
        }
    }

    private void free(int bytes) {
        List<Runnable> tasks = List.of();
        lock.lock();
        try {
            unsettledBytes -= bytes;
            if (unsettledBytes < settings.waitingBytes() && !waitingForRoom.isEmpty()) {
                tasks = List.copyOf(waitingForRoom);
                waitingForRoom.clear();
            }
        } finally {
            lock.unlock();
        }
        tasks.forEach(Runnable::run);
    }

    /** Stops taking commands; those that are not in an entry yet are told that their outcome is unknown. */
    @Override
    public void close() {
        submitThread.interrupt();
        List<Pending> rest;
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            rest = List.copyOf(waiting);
            waiting.clear();
            waitingBytes = 0;
        } finally {
            lock.unlock();
        }
        replies.execute(() -> settle(rest, new AppendResult.Unknown("the router is going down", Optional.empty())));
        // After what is queued: entries that completed before are still told.
        replies.shutdown();
    }
}
