package io.peerlink.integration.simulation;

import java.util.Collections;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Delayed;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * An executor of the JVM as the model has it: tasks wait for their time, and then a little longer for the processor. Ordered, it is
 * a single thread; otherwise a pool, whose tasks overtake each other. A task that throws ends the run. Stopped, it runs
 * what is due and refuses the rest; or it drops everything without a word, as the executor of a session does.
 */
final class VirtualThread extends AbstractExecutorService implements ScheduledExecutorService {
    private static final long HURRY_NANOS = 60_000;
    /** What one in fifty waits for its turn at most. */
    static final long STALL_NANOS = 8_000_000;

    private final VirtualProcess process;
    private final String name;
    private final boolean ordered;
    private final long stallNanos;
    private final boolean dropping;
    private final PriorityQueue<Task> tasks = new PriorityQueue<>();
    private long numbers;
    private boolean stopped;

    VirtualThread(VirtualProcess process, String name, boolean ordered, long stallNanos, boolean dropping) {
        this.process = process;
        this.name = name;
        this.ordered = ordered;
        this.stallNanos = stallNanos;
        this.dropping = dropping;
    }

    private final class Task extends CompletableFuture<Object> implements ScheduledFuture<Object> {
        private final Runnable work;
        private final boolean delayed;
        private final long periodNanos;
        private final long number = numbers++;
        private long trigger;

        private Task(Runnable work, long trigger, long periodNanos) {
            this.work = work;
            this.trigger = trigger;
            this.delayed = trigger > process.scheduler().now();
            this.periodNanos = periodNanos;
        }

        private void run() {
            if (isDone() || (stopped && (dropping || delayed))) {
                return;
            }
            Scheduler scheduler = process.scheduler();
            scheduler.trace().add(scheduler.now(), name, number, trigger);
            work.run();
            if (periodNanos == 0) {
                complete(true);
            } else if (!stopped) {
                trigger = scheduler.now() + periodNanos;
                plan(this);
            }
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(trigger - process.scheduler().now(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            Task task = (Task) other;
            int order = Long.compare(trigger, task.trigger);
            return order != 0 ? order : Long.compare(number, task.number);
        }
    }

    /** There is a turn for each task, not before its time; in a single thread the turn goes to who has waited longest. */
    private void plan(Task task) {
        Scheduler scheduler = process.scheduler();
        long turn = Math.max(scheduler.now(), task.trigger)
                + scheduler.upTo(scheduler.oneIn(50) ? stallNanos : HURRY_NANOS);
        if (ordered) {
            tasks.add(task);
            process.at(turn, () -> tasks.remove().run());
        } else {
            process.at(turn, task::run);
        }
    }

    private Task add(Runnable work, long delayNanos, long periodNanos) {
        if (stopped && !dropping) {
            throw new RejectedExecutionException(name + " was stopped");
        }
        Task task = new Task(work, process.scheduler().now() + Math.max(0, delayNanos), periodNanos);
        plan(task);
        return task;
    }

    @Override
    public void execute(Runnable work) {
        Task unused = add(work, 0, 0);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable work, long delay, TimeUnit unit) {
        return add(work, unit.toNanos(delay), 0);
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable work, long delay, long period, TimeUnit unit) {
        return add(work, unit.toNanos(delay), unit.toNanos(period));
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable work, long delay, long period, TimeUnit unit) {
        return add(work, unit.toNanos(delay), unit.toNanos(period));
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> work, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException("nobody asks for this");
    }

    @Override
    public void shutdown() {
        stopped = true;
    }

    @Override
    public List<Runnable> shutdownNow() {
        stopped = true;
        return Collections.emptyList();
    }

    @Override
    public boolean isShutdown() {
        return stopped;
    }

    @Override
    public boolean isTerminated() {
        return stopped;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return stopped;
    }
}
