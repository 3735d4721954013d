package io.peerlink.integration.torture.check;

import io.peerlink.integration.torture.history.Event;
import io.peerlink.integration.torture.history.Kind;
import io.peerlink.integration.torture.history.Names;
import io.peerlink.integration.torture.history.Op;

/** I20: what may not be done is refused and leaves no trace. */
final class Authorization extends Invariant {
    private static final int IMPERSONATIONS = 2;

    Authorization() {
        super("I20 authorization", Column.OTHER);
    }

    @Override
    void on(Event event, Ledger before) {
        if (event.op() == Op.ATTACK && event.kind() == Kind.OK) {
            violated(() -> "an attack succeeded: "
                    + (event.place() < IMPERSONATIONS ? "impersonating a peer" : "a forbidden request") + ", " + event);
        }
        boolean message = event.kind() == Kind.PRESENT || event.kind() == Kind.STORED;
        if (message && event.other() == Names.ATTACKER) {
            violated(() -> "an attacker's message arrived: " + event);
        }
    }
}
