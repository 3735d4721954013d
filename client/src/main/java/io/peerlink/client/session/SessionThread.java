package io.peerlink.client.session;

import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
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
    private volatile boolean stopped;

    /**
     * @param executor runs one task at a time; others may use it too
     */
    SessionThread(ScheduledExecutorService executor) {
        this.executor = executor;
    }

    @Override
    public void execute(Runnable task) {
        executor.execute(guarded(task));
    }

    Future<?> after(long nanos, Runnable task) {
        return executor.schedule(guarded(task), nanos, TimeUnit.NANOSECONDS);
    }

    /** As {@link #after}, for tasks that nobody cancels. */
    void schedule(long nanos, Runnable task) {
        Future<?> unused = after(nanos, task);
    }

    void stop() {
        stopped = true;
    }

    private Runnable guarded(Runnable task) {
        return () -> {
            if (stopped) {
                return;
            }
            try {
                task.run();
            } catch (RuntimeException e) {
                // A fault of this library: one frame is lost, the ack time-out recovers.
                LOGGER.error("session task failed", e);
            }
        };
    }
}
