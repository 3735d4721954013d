package io.peerlink.server.edge;

import java.util.Optional;
import java.util.function.Supplier;

/** Whether this router serves clients: only a leader that has applied everything before its term does. Thread-safe. */
public final class Leadership {
    private final Supplier<Optional<String>> otherLeader;
    private volatile long term;

    /**
     * @param otherLeader where clients find the leader when it is another router, if known
     */
    public Leadership(Supplier<Optional<String>> otherLeader) {
        this.otherLeader = otherLeader;
    }

    public void gained(long newTerm) {
        term = newTerm;
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
}
