package io.peerlink.integration.simulation;

import java.util.function.BooleanSupplier;

/** A process of the model: a router's or a client's. It can be paused as by SIGSTOP, and killed; a killed one stays dead. */
final class VirtualProcess {
    private static final long LOOP_NANOS = 40_000;

    private final Scheduler scheduler;
    private final String name;
    private Runnable afterwards = () -> {};
    private boolean dead;
    private long pausedUntil;

    VirtualProcess(Scheduler scheduler, String name) {
        this.scheduler = scheduler;
        this.name = name;
    }

    String name() {
        return name;
    }

    boolean isDead() {
        return dead;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    /** One task at a time, in the order of their times. */
    VirtualThread thread(String role) {
        return new VirtualThread(this, name + " " + role, true, VirtualThread.STALL_NANOS, false);
    }

    /** As {@link #thread}, for a session of the SDK. */
    VirtualThread sessionThread() {
        return new VirtualThread(this, name + " session", true, VirtualThread.STALL_NANOS, true);
    }

    /** As many threads as there are tasks. */
    VirtualThread pool(String role) {
        return new VirtualThread(this, name + " " + role, false, VirtualThread.STALL_NANOS, false);
    }

    /** As {@link #pool}, but nothing waits long there: what it notes is noted before anything can come of it. */
    VirtualThread promptPool(String role) {
        return new VirtualThread(this, name + " " + role, false, 0, false);
    }

    /**
     * Makes {@code step} the loop of a thread that waits for something to do: it is taken soon after anything has run here, and
     * again as long as it says that it did something.
     */
    void loop(BooleanSupplier step) {
        afterwards = new Loop(step)::plan;
    }

    private final class Loop {
        private final BooleanSupplier step;
        private boolean planned;

        private Loop(BooleanSupplier step) {
            this.step = step;
        }

        private void plan() {
            if (!planned) {
                planned = true;
                scheduler.after(scheduler.upTo(LOOP_NANOS), this::take);
            }
        }

        private void take() {
            if (pausedUntil > scheduler.now()) {
                scheduler.at(pausedUntil, this::take);
                return;
            }
            planned = false;
            if (!dead && step.getAsBoolean()) {
                plan();
            }
        }
    }

    void pause(long nanos) {
        pausedUntil = Math.max(pausedUntil, scheduler.now() + nanos);
    }

    boolean isPaused() {
        return pausedUntil > scheduler.now();
    }

    void kill() {
        dead = true;
    }

    /** Runs a task of this process at this time, or when it goes on. */
    void at(long nanos, Runnable task) {
        scheduler.at(nanos, () -> run(task));
    }

    void after(long nanos, Runnable task) {
        at(scheduler.now() + nanos, task);
    }

    private void run(Runnable task) {
        if (dead) {
            return;
        }
        if (pausedUntil > scheduler.now()) {
            scheduler.at(pausedUntil, () -> run(task));
            return;
        }
        task.run();
        afterwards.run();
    }
}
