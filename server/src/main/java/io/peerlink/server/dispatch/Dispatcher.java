package io.peerlink.server.dispatch;

import io.peerlink.server.raft.LinearizableReads;
import io.peerlink.statemachine.Effect;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/** Wakes the pumps of online peers when their inboxes grow. Thread-safe. */
public final class Dispatcher implements AutoCloseable {
    private static final int PUMP_THREADS = 2;

    private final LinearizableReads reads;
    private final ConcurrentHashMap<String, Set<InboxPump>> online = new ConcurrentHashMap<>();
    private final AtomicInteger stalledPumps = new AtomicInteger();
    private final ExecutorService executor;

    /** Pumps on two threads of its own. */
    public Dispatcher(LinearizableReads reads) {
        this(reads, pumpThreads());
    }

    /** Pumps on {@code executor}, which it takes over. */
    public Dispatcher(LinearizableReads reads, ExecutorService executor) {
        this.reads = reads;
        this.executor = executor;
    }

    private static ExecutorService pumpThreads() {
        AtomicInteger number = new AtomicInteger();
        return Executors.newFixedThreadPool(PUMP_THREADS, task -> new Thread(task, "pump-" + number.incrementAndGet()));
    }

    /** Starts a pump without credit: nothing is pushed before {@link InboxPump#addCredit}. */
    public InboxPump subscribe(InboxPump.Subscription subscription, DeliverySink sink) {
        InboxPump pump = new InboxPump(subscription, sink, reads, this::execute, stalledPumps);
        online.compute(subscription.peer(), (peer, pumps) -> {
            // A peer has few sessions; they are woken in the order in which they came.
            Set<InboxPump> all = pumps == null ? new CopyOnWriteArraySet<>() : pumps;
            all.add(pump);
            return all;
        });
        return pump;
    }

    /** Ends a pump. */
    public void unsubscribe(InboxPump pump) {
        pump.close();
        online.computeIfPresent(pump.peer(), (peer, pumps) -> {
            pumps.remove(pump);
            return pumps.isEmpty() ? null : pumps;
        });
    }

    /** Takes note of what an entry changed. Called on the apply thread: only hands off. */
    public void onApplied(List<Effect> effects) {
        if (!effects.isEmpty() && !online.isEmpty()) {
            execute(() -> effects.forEach(this::wake));
        }
    }

    /** How many pumps wait for readers that do not take what was pushed. */
    public int stalledPumps() {
        return stalledPumps.get();
    }

    private void wake(Effect effect) {
        if (effect instanceof Effect.InboxAppended appended) {
            online.getOrDefault(appended.peer(), Set.of()).forEach(pump -> pump.headMoved(appended.head()));
        }
    }

    private void execute(Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            // Closed: there is nobody left to push to.
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
