package io.peerlink.server.edge;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Whether this router serves clients: only a leader that has applied everything before its term does. Clients that come while
 * nobody leads wait here, so that they are told in the moment of the decision and need not ask again and again. Thread-safe.
 */
public final class Leadership {
    private static final int WAITING_MAX = 10_000;
    private static final long WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(1_500);

    private final Supplier<Optional<String>> otherLeader;
    /** What to do for whom, and since when it waits. */
    private final Map<Runnable, Long> waiting = new ConcurrentHashMap<>();

    private volatile long term;

    /**
     * @param otherLeader where clients find the leader when it is another router, if known
     */
    public Leadership(Supplier<Optional<String>> otherLeader) {
        this.otherLeader = otherLeader;
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
        if (isDecided() || waiting.size() >= WAITING_MAX) {
            task.run();
            return;
        }
        waiting.put(task, System.nanoTime());
        // Decided between the two.
        if (isDecided() && waiting.remove(task) != null) {
            task.run();
        }
    }

    /** The task, if it still waits, will not run. */
    void forget(Runnable task) {
        waiting.remove(task);
    }

    /** Looks whether it is known now who leads, and who has waited too long; to be called at a change and from time to time. */
    public void check() {
        long now = System.nanoTime();
        boolean decided = isDecided();
        release(since -> decided || now - since > WAIT_NANOS);
    }

    private boolean isDecided() {
        return isServing() || otherLeader.get().isPresent();
    }

    private void release(Predicate<Long> since) {
        waiting.forEach((task, began) -> {
            if (since.test(began) && waiting.remove(task) != null) {
                task.run();
            }
        });
    }
}
