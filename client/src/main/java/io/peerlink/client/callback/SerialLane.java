package io.peerlink.client.callback;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks one at a time and in order on an executor that promises neither. The callers bound what they put in. Guarded
 * by itself.
 */
public final class SerialLane implements Executor {
    private static final Logger LOGGER = LoggerFactory.getLogger(SerialLane.class);

    private final Executor executor;
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private boolean running;
    private volatile @Nullable Thread runner;

    /** A lane on {@code executor}, which the caller owns. */
    public SerialLane(Executor executor) {
        this.executor = executor;
    }

    @Override
    public void execute(Runnable task) {
        synchronized (this) {
            tasks.add(task);
            if (running) {
                return;
            }
            running = true;
        }
        try {
            executor.execute(this::run);
        } catch (RejectedExecutionException e) {
            // The program shut its executor down before its client. Its futures must complete all the same.
            Thread thread = new Thread(this::run, "peerlink-callback");
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** Whether the calling thread runs a task of this lane now. */
    public boolean isCurrentThread() {
        return Thread.currentThread() == runner;
    }

    private void run() {
        runner = Thread.currentThread();
        while (true) {
            Runnable task;
            synchronized (this) {
                task = tasks.poll();
                if (task == null) {
                    runner = null;
                    running = false;
                    return;
                }
            }
            try {
                task.run();
            } catch (Throwable e) {
                // Also an Error: the tasks behind this one must run.
                LOGGER.warn("a callback threw", e);
            }
        }
    }
}
