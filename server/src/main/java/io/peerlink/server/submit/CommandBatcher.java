package io.peerlink.server.submit;

import io.peerlink.log.v1.Batch;
import io.peerlink.log.v1.Command;
import io.peerlink.server.config.ServerConfig;
import io.peerlink.server.raft.CommandLog;
import io.peerlink.server.raft.CommandLog.AppendResult;
import io.peerlink.server.raft.FatalFault;
import io.peerlink.statemachine.Outcome;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers the commands of all sessions into log entries.
 *
 * <p>How it works: one thread appends entries, and only so many may be on their way to a majority at once (the window).
 * While the window is full, commands pile up and the next entry takes all of them, up to a limit in bytes and number. So an
 * idle router sends a batch of one without waiting for company, and a busy one sends large batches; no timer is involved
 * (the idea of Oxia's Batcher and DispatchWindow). Order in the log is the order of {@link #submit} calls.
 *
 * <p>Threads: {@link #submit} and {@link #whenRoom} from any thread, they never block. The submit thread owns batching. The
 * replies thread calls the listeners, in log order. Memory is bounded by {@code waiting-bytes} as long as callers read more
 * input only through {@link #whenRoom}.
 */
public final class CommandBatcher implements AutoCloseable {
    /** Written into each entry; a router that does not know it halts. */
    public static final int BATCH_FORMAT = 1;

    private static final Logger LOGGER = LoggerFactory.getLogger(CommandBatcher.class);
    /** What a waiting command costs beside its bytes. */
    private static final int COMMAND_OVERHEAD_BYTES = 200;

    private final CommandLog log;
    private final ServerConfig.Raft settings;
    private final InstantSource clock;
    private final Semaphore window;
    private final Thread submitThread = new Thread(this::run, "submit");
    private final ExecutorService replies;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition notEmpty = lock.newCondition();
    private final ArrayDeque<Pending> waiting = new ArrayDeque<>();
    private final List<Runnable> waitingForRoom = new ArrayList<>();
    private long unsettledBytes;
    private boolean closed;

    private record Pending(Command command, int bytes, OutcomeListener listener) {}

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
        this.window = new Semaphore(settings.batchesInFlight());
    }

    /** Starts the submit thread. Without it, whoever calls {@link #appendNext} is the submit thread. */
    public void start() {
        submitThread.start();
    }

    /** Takes a command for the next entry that has room. */
    public void submit(Command command, OutcomeListener listener) {
        Pending pending = new Pending(command, command.getSerializedSize() + COMMAND_OVERHEAD_BYTES, listener);
        lock.lock();
        try {
            if (!closed) {
                waiting.add(pending);
                unsettledBytes += pending.bytes();
                notEmpty.signal();
                return;
            }
        } finally {
            lock.unlock();
        }
        listener.onUnknown("the router is going down", Optional.empty());
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
                awaitCommand();
                window.acquire();
                appendTaken();
            }
        } catch (InterruptedException e) {
            LOGGER.debug("submit thread ends");
        } catch (RuntimeException | Error e) {
            // Without this thread commands would pile up and nobody would be told.
            FatalFault.LOG_CLOSED.halt("the log takes no entries", e);
        }
    }

    /**
     * One step of the submit thread that does not wait: appends what waits, if the window has room.
     *
     * @return whether an entry was appended
     */
    public boolean appendNext() {
        return window.tryAcquire() && appendTaken();
    }

    /** Uses a place in the window, or gives it back. */
    private boolean appendTaken() {
        List<Pending> batch = takeBatch();
        if (batch.isEmpty()) {
            window.release();
            return false;
        }
        append(batch);
        return true;
    }

    private void awaitCommand() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (waiting.isEmpty()) {
                notEmpty.await();
            }
        } finally {
            lock.unlock();
        }
    }

    private List<Pending> takeBatch() {
        List<Pending> batch = new ArrayList<>();
        lock.lock();
        try {
            int bytes = 0;
            while (!waiting.isEmpty() && bytes < settings.batchBytes() && batch.size() < settings.batchCommands()) {
                Pending next = waiting.remove();
                bytes += next.bytes();
                batch.add(next);
            }
        } finally {
            lock.unlock();
        }
        return batch;
    }

    private void append(List<Pending> pending) {
        Batch.Builder batch = Batch.newBuilder().setFormat(BATCH_FORMAT).setTimeMs(clock.millis());
        pending.forEach(each -> batch.addCommands(each.command()));
        log.append(batch.build()).thenAccept(result -> {
            window.release();
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
                tell(pending.get(i).listener(), result, i);
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
        } finally {
            lock.unlock();
        }
        replies.execute(() -> settle(rest, new AppendResult.Unknown("the router is going down", Optional.empty())));
        // After what is queued: entries that completed before are still told.
        replies.shutdown();
    }
}
