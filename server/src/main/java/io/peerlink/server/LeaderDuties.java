package io.peerlink.server;

import io.peerlink.server.dispatch.Dispatcher;
import io.peerlink.server.dispatch.Ticker;
import io.peerlink.server.edge.EdgeServer;
import io.peerlink.server.edge.Leadership;
import io.peerlink.server.edge.SessionRegistry;
import io.peerlink.server.raft.RaftListener;
import io.peerlink.statemachine.Effect;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts and stops what only a leader does, in the order in which the log says so, on a thread of its own: Ratis calls from
 * under its locks.
 */
final class LeaderDuties implements RaftListener, AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(LeaderDuties.class);

    /** What leading consists of. */
    record Duties(
            Leadership leadership, Dispatcher dispatcher, Ticker ticker, EdgeServer edge, SessionRegistry sessions) {}

    private final ExecutorService control =
            Executors.newSingleThreadExecutor(task -> new Thread(task, "leader-duties"));
    private volatile @Nullable Duties duties;

    /** Hands over the assembled router; to be called once, before the log starts. */
    void assume(Duties assembled) {
        duties = assembled;
    }

    @Override
    public void onApplied(List<Effect> effects) {
        Duties current = duties;
        if (current != null && current.leadership().isServing()) {
            current.dispatcher().onApplied(effects);
        }
    }

    @Override
    public void onLeaderReady(long term) {
        signal(current -> {
            LOGGER.info("leads in term {}", term);
            current.leadership().gained(term);
            current.ticker().setLeading(true);
            current.edge().setServing(true);
        });
    }

    @Override
    public void onNotLeader() {
        signal(current -> {
            LOGGER.info("leads no longer");
            current.leadership().lost();
            current.ticker().setLeading(false);
            current.edge().setServing(false);
            current.sessions().goAway("leads no longer", current.leadership().otherLeaderAddress());
        });
    }

    private void signal(java.util.function.Consumer<Duties> change) {
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
