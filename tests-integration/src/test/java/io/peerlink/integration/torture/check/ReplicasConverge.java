package io.peerlink.integration.torture.check;

import io.peerlink.integration.torture.history.Event;
import io.peerlink.integration.torture.history.Kind;
import org.jspecify.annotations.Nullable;

/**
 * I15: all routers hold the same state, byte for byte, once traffic has ended; and none has stopped because it noticed itself
 * that it does not.
 */
final class ReplicasConverge extends Invariant {
    /** The status with which a router halts that has noticed it, as server/DESIGN.md lists them. */
    private static final int EXIT_DIVERGED = 73;

    private @Nullable Event first;

    ReplicasConverge() {
        super("I15 replicas converge", Column.DIVERGED);
    }

    @Override
    void on(Event event, Ledger before) {
        if (event.kind() == Kind.ENDED && event.code() == EXIT_DIVERGED) {
            violated(() -> "n" + event.other() + " stopped: its state was not that of any majority");
        }
        if (event.kind() != Kind.DIGEST) {
            return;
        }
        Event reference = first;
        if (reference == null) {
            first = event;
        } else if (reference.hash() != event.hash()) {
            violated(() -> "n" + reference.other() + " at entry " + reference.number() + " and n" + event.other()
                    + " at entry " + event.number() + " hold different states");
        }
    }
}
