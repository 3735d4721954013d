package io.peerlink.server.submit;

import io.peerlink.log.v1.Batch;
import io.peerlink.log.v1.Command;
import io.peerlink.server.config.ServerConfig;
import io.peerlink.server.raft.CommandLog;
import io.peerlink.server.raft.CommandLog.AppendResult;
import io.peerlink.server.raft.FatalFault;
import io.peerlink.server.submit.FairQueue.Pending;
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
 * Batcher. Small entries side by side would be no faster, as what an entry costs is the processor, not the way. Each source's
 * commands come into the log in the order of its {@link #submit} calls; among sources turns are taken ({@link FairQueue}).
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
    public static final int BATCH_FORMAT = 5;

    /** The source of what the router itself proposes. */
    public static final String ROUTER = "";

    private static final Logger LOGGER = LoggerFactory.getLogger(CommandBatcher.class);
    /** What a waiting command costs beside its bytes. */
    private static final int COMMAND_OVERHEAD_BYTES = 200;
    /** So many waiting bytes are worth an entry of their own beside others that are under way. */
    static final int COMPANY_BYTES = 16 * 1024;
    /** Longer than a majority takes on a busy machine, shorter than clients wait before they look for another leader. */
    private static final int PATIENCE_MS = 250;
    /** How many readers are looked at when an entry has its outcome; the next ones at the next. */
    private static final int READERS_PER_ENTRY = 64;

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

    private final FairQueue queue;
    private final ArrayDeque<Reader> readers = new ArrayDeque<>();
    private int underWay;
    private boolean closed;

    /** A command with its listener. */
    public record Submission(Command command, OutcomeListener listener) {}

    /**
     * What is between the edge and the tables.
     *
     * @param commands that wait for an entry and may be taken
     * @param unsettledBytes of all commands without an outcome, waiting or under way
     * @param entriesUnderWay in the log, not applied yet
     * @param readers sources that are not read from because they have no room
     */
    public record Load(int commands, long unsettledBytes, int entriesUnderWay, int readers) {}

    /** Reads on when its source has room. */
    private record Reader(String source, Runnable task) {}

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
        this.queue = new FairQueue(settings.waitingBytes(), clock);
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

    /**
     * Takes a command for the next entry that has room.
     *
     * @param source whose it is: a peer's name, or {@link #ROUTER}
     */
    public void submit(String source, Command command, OutcomeListener listener) {
        submit(source, List.of(new Submission(command, listener)));
    }

    /** Takes a few commands for one entry: all of them come into the log, in this order, or none. */
    public void submit(String source, List<Submission> together) {
        lock.lock();
        try {
            if (!closed) {
                for (int i = 0; i < together.size(); i++) {
                    Submission submission = together.get(i);
                    int bytes = submission.command().getSerializedSize() + COMMAND_OVERHEAD_BYTES;
                    queue.add(new Pending(source, submission, bytes, i < together.size() - 1));
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
     * Runs the task once there is room for more commands of this source: at once if there is, else on the replies thread. A
     * reader keeps at most one task waiting.
     */
    public void whenRoom(String source, Runnable task) {
        lock.lock();
        try {
            if (!closed && !queue.hasRoom(source)) {
                readers.add(new Reader(source, task));
                return;
            }
        } finally {
            lock.unlock();
        }
        task.run();
    }

    /** How things stand now. Any thread. */
    public Load load() {
        lock.lock();
        try {
            return new Load(queue.waiting(), queue.unsettledBytes(), underWay, readers.size());
        } finally {
            lock.unlock();
        }
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
        return queue.waiting() > 0 && (underWay == 0 || (underWay < settings.batchesInFlight() && isWorthAnEntry()));
    }

    private boolean isWorthAnEntry() {
        return queue.waitingBytes() >= Math.min(COMPANY_BYTES, settings.batchBytes())
                || queue.waiting() >= settings.batchCommands();
    }

    private List<Pending> takeBatch() {
        underWay++;
        return queue.take(settings.batchBytes(), settings.batchCommands());
    }

    private void arrived(List<Pending> entry) {
        lock.lock();
        try {
            underWay--;
            queue.arrived(entry);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void append(List<Pending> pending) {
        Batch.Builder batch = Batch.newBuilder().setFormat(BATCH_FORMAT).setTimeMs(clock.millis());
        pending.forEach(each -> batch.addCommands(each.submission().command()));
        log.append(batch.build()).thenAccept(result -> {
            arrived(pending);
            try {
                replies.execute(() -> settle(pending, result));
            } catch (RejectedExecutionException e) {
                LOGGER.debug("closed before the outcomes of {} commands came", pending.size());
            }
        });
    }

    private void settle(List<Pending> pending, AppendResult result) {
        for (int i = 0; i < pending.size(); i++) {
            try {
                tell(pending.get(i).submission().listener(), result, i);
            } catch (RuntimeException e) {
                LOGGER.error("an outcome could not be handed on", e);
            }
        }
        free(pending);
    }

    private static void tell(OutcomeListener listener, AppendResult result, int place) {
        if (result instanceof AppendResult.Applied applied) {
            Outcome outcome = applied.result().outcomes().get(place);
            listener.onOutcome(outcome);
        } else if (result instanceof AppendResult.Unknown unknown) {
            listener.onUnknown(unknown.reason(), unknown.leaderAddress());
        }
    }

    private void free(List<Pending> settled) {
        List<Runnable> tasks = new ArrayList<>();
        lock.lock();
        try {
            queue.settled(settled);
            // If nothing is under way, nobody would look again.
            int looks = queue.isSettled() ? readers.size() : Math.min(readers.size(), READERS_PER_ENTRY);
            for (int i = 0; i < looks; i++) {
                Reader reader = readers.remove();
                if (queue.hasRoom(reader.source())) {
                    tasks.add(reader.task());
                } else {
                    readers.add(reader);
                }
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
            rest = queue.takeAll();
        } finally {
            lock.unlock();
        }
        replies.execute(() -> settle(rest, new AppendResult.Unknown("the router is going down", Optional.empty())));
        // After what is queued: entries that completed before are still told.
        replies.shutdown();
    }
}
