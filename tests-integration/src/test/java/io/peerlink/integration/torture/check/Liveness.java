package io.peerlink.integration.torture.check;

import io.peerlink.integration.torture.history.Event;
import io.peerlink.integration.torture.history.Kind;
import io.peerlink.integration.torture.history.Names;
import io.peerlink.integration.torture.history.Op;
import java.util.BitSet;

/** I18: after the faults everything settles, and no send ends in silence unless its process died. */
final class Liveness extends Invariant {
    private final BitSet seen = new BitSet();
    private final BitSet quiet = new BitSet();
    private final LongIndex<long[]> killed = new LongIndex<>();

    Liveness() {
        super("I18 liveness", Column.OTHER);
    }

    @Override
    void on(Event event, Ledger before) {
        switch (event.kind()) {
            case ATTACHED -> seen.set(event.peer());
            case QUIET -> quiet.set(event.peer());
            case CLIENT_GONE -> killed.computeIfAbsent(event.client(), () -> new long[1])[0] = event.nanos();
            default -> {}
        }
        if (event.kind() == Kind.OK && event.op() == Op.SEND && before.request(event) == null) {
            violated(() -> "an outcome without a send: " + event);
        }
    }

    @Override
    void atEnd(Ledger ledger) {
        seen.stream()
                .filter(peer -> !quiet.get(peer))
                .forEach(peer -> violated(() -> Names.peer(peer) + " never got to the end of its inbox"));
        for (Sent message : ledger.sends()) {
            long[] death = killed.get(message.client);
            if (message.outcome == Kind.NOTHING && (death == null || death[0] < message.invoked)) {
                violated(() -> message + " ended in silence");
            }
        }
    }
}
