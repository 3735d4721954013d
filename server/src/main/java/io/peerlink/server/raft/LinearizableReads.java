package io.peerlink.server.raft;

import io.peerlink.statemachine.StateView;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Reads of the applied state. Any thread but an event loop. */
public interface LinearizableReads {
    /**
     * Confirms that this router is still the leader and has applied everything that was acknowledged before the call (Raft
     * read index, or the leader's lease).
     *
     * @return completes on a Ratis thread; exceptionally with {@link NotLeaderException} or {@link LogUnavailableException}
     */
    CompletableFuture<Void> awaitReadIndex();

    /**
     * Reads what this router has applied, whatever that is. The view must not escape the function.
     *
     * @throws LogUnavailableException if the state is closed
     */
    <T> T read(Function<StateView, T> query);
}
