package io.peerlink.server.edge;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Whether this router serves clients: only a leader that has applied everything before its term does. Clients that have
 * proved who they are while nobody leads wait here: they are attached, or told where to go, in the moment of the decision and
 * need not ask again and again. Thread-safe.
 */
public final class Leadership {
    private static final int WAITING_MAX = 10_000;
    private static final long WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(1_500);

    private final Supplier<Optional<String>> otherLeader;
    private final LongSupplier nanoTime;
    /** What to do, and since when it waits; in the order in which they came. Guarded by itself. */
    private final Map<Runnable, Long> waiting = new LinkedHashMap<>();

    private volatile long term;

    /**
     * @param otherLeader where clients find the leader when it is another router, if known
     * @param nanoTime as {@link System#nanoTime}
     */
    public Leadership(Supplier<Optional<String>> otherLeader, LongSupplier nanoTime) {
        this.otherLeader = otherLeader;
        this.nanoTime = nanoTime;
    }

    public void gained(long newTerm) {
        term = newTerm;
        release(since -> true);
    }

    public void lost() {
        term = 0;
    }

    public boolean isServing() {
        return term > 0;
    }

    /** The term in which this router leads; 0 if it does not. */
    public long term() {
        return term;
    }

    public Optional<String> otherLeaderAddress() {
        return otherLeader.get();
    }

    /**
     * Runs the task once it is known who leads: now or later, on another thread. With nobody known after {@value #WAIT_NANOS}
     * ns, or with {@value #WAITING_MAX} tasks waiting, it runs all the same. The task does not block.
     */
    void whenDecided(Runnable task) {
        boolean added;
        synchronized (waiting) {
            added = waiting.size() < WAITING_MAX;
            if (added) {
                waiting.put(task, nanoTime.getAsLong());
            }
        }
        // Looked at once it is in the list, so that a decision in between is not missed.
        if (!added || (isDecided() && forget(task))) {
            task.run();
        }
    }

    /**
     * The task, if it still waits, will not run.
     *
     * @return whether it waited
     */
    boolean forget(Runnable task) {
        synchronized (waiting) {
            return waiting.remove(task) != null;
        }
    }

    /** Looks whether it is known now who leads, and who has waited too long; to be called at a change and from time to time. */
    public void check() {
        long now = nanoTime.getAsLong();
        boolean decided = isDecided();
        release(since -> decided || now - since > WAIT_NANOS);
    }

    private boolean isDecided() {
        return isServing() || otherLeader.get().isPresent();
    }

    private void release(Predicate<Long> since) {
        List<Runnable> released = new ArrayList<>();
        synchronized (waiting) {
            waiting.forEach((task, began) -> {
                if (since.test(began)) {
                    released.add(task);
                }
            });
            released.forEach(waiting::remove);
        }
        released.forEach(Runnable::run);
    }
}
