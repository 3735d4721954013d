package io.peerlink.server;

import io.peerlink.server.dispatch.Dispatcher;
import io.peerlink.server.edge.Leadership;
import io.peerlink.server.edge.SessionRegistry;
import io.peerlink.server.raft.RaftListener;
import io.peerlink.statemachine.Effect;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts and stops what only a leader does, in the order in which the log says so, on a thread of its own: Ratis calls from
 * under its locks.
 */
public final class LeaderDuties implements RaftListener, AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(LeaderDuties.class);

    /**
     * What leading consists of.
     *
     * @param compared hears of comparisons, leading or not; apply thread
     * @param whileLeading told true when this router begins to serve, and false when it ends
     * @param servingTerm the term in which the log says that this router leads and may serve
     */
    public record Duties(
            Leadership leadership,
            Dispatcher dispatcher,
            Consumer<Effect.StateCompared> compared,
            List<Consumer<Boolean>> whileLeading,
            SessionRegistry sessions,
            Supplier<OptionalLong> servingTerm) {
        /** Copies the list. */
        public Duties {
            whileLeading = List.copyOf(whileLeading);
        }
    }

    private final ExecutorService control;
    private volatile @Nullable Duties duties;

    /** Works on a thread of its own. */
    public LeaderDuties() {
        this(Executors.newSingleThreadExecutor(task -> new Thread(task, "leader-duties")));
    }

    /** Works on {@code control}, which it takes over; it must keep the order. */
    public LeaderDuties(ExecutorService control) {
        this.control = control;
    }

    /** Hands over the assembled router; to be called once, before the log starts. */
    public void assume(Duties assembled) {
        duties = assembled;
    }

    @Override
    public void onApplied(List<Effect> effects) {
        Duties current = duties;
        if (current == null) {
            return;
        }
        if (current.leadership().isServing()) {
            current.dispatcher().onApplied(effects);
        }
        for (Effect effect : effects) {
            if (effect instanceof Effect.StateCompared compared) {
                current.compared().accept(compared);
            }
        }
    }

    @Override
    public void onLeaderReady() {
        signal(this::reconcile);
    }

    @Override
    public void onLeaderKnown() {
        signal(current -> current.leadership().check());
    }

    @Override
    public void onNotLeader() {
        signal(this::stop);
    }

    /**
     * Compares what this router does with what the log says of it. The two signals come from different threads of Ratis and
     * may arrive in the wrong order, so the truth is also looked up from time to time.
     */
    public void check() {
        signal(this::reconcile);
        signal(current -> current.leadership().check());
    }

    private void reconcile(Duties current) {
        OptionalLong term = current.servingTerm().get();
        if (term.isPresent() && term.getAsLong() != current.leadership().term()) {
            LOGGER.info("leads in term {}", term.getAsLong());
            current.leadership().gained(term.getAsLong());
            current.whileLeading().forEach(duty -> duty.accept(true));
        } else if (term.isEmpty() && current.leadership().isServing()) {
            stop(current);
        }
    }

    private void stop(Duties current) {
        LOGGER.info("leads no longer");
        current.leadership().lost();
        current.whileLeading().forEach(duty -> duty.accept(false));
        current.sessions().goAway("leads no longer", current.leadership().otherLeaderAddress());
    }

    private void signal(Consumer<Duties> change) {
        Duties current = duties;
        if (current == null) {
            return;
        }
        try {
            control.execute(() -> change.accept(current));
        } catch (RejectedExecutionException e) {
            LOGGER.debug("closed");
        }
    }

    @Override
    public void close() {
        control.shutdownNow();
    }
}
