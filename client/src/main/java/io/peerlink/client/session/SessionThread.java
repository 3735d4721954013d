package io.peerlink.client.session;

import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that owns a session's state. Tasks are few and coarse (a frame, a wake-up, a timer), each bounded at its
 * source: frames by flow control, wake-ups by a flag. After {@link #stop} tasks are dropped. Thread-safe.
 */
final class SessionThread implements Executor {
    private static final Logger LOGGER = LoggerFactory.getLogger(SessionThread.class);

    private final ScheduledExecutorService executor;

    /** Takes over {@code executor}, which runs one task at a time. */
    SessionThread(ScheduledExecutorService executor) {
        this.executor = executor;
    }

    /** A daemon thread of its own. */
    static ScheduledExecutorService newExecutor(String peer) {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(
                1,
                task -> {
                    Thread thread = new Thread(task, "peerlink-session-" + peer);
                    thread.setDaemon(true);
                    return thread;
                },
                new ThreadPoolExecutor.DiscardPolicy());
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return executor;
    }

    @Override
    public void execute(Runnable task) {
        executor.execute(logged(task));
    }

    Future<?> after(long nanos, Runnable task) {
        return executor.schedule(logged(task), nanos, TimeUnit.NANOSECONDS);
    }

    /** As {@link #after}, for tasks that nobody cancels. */
    void schedule(long nanos, Runnable task) {
        Future<?> unused = after(nanos, task);
    }

    void stop() {
        executor.shutdown();
    }

    private static Runnable logged(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                // A fault of this library: one frame is lost, the ack time-out recovers.
                LOGGER.error("session task failed", e);
            }
        };
    }
}
