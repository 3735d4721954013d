package io.peerlink.integration.torture.check;

import io.peerlink.integration.torture.history.Event;
import io.peerlink.integration.torture.history.Kind;
import io.peerlink.integration.torture.history.Names;

/** I14: one leader in a term, and no session sees terms fall. */
final class LeaderTerms extends Invariant {
    private final LongIndex<Event> leaders = new LongIndex<>();
    private final LongIndex<long[]> seen = new LongIndex<>();

    LeaderTerms() {
        super("I14 leader terms", Column.OTHER);
    }

    @Override
    void on(Event event, Ledger before) {
        if (event.kind() != Kind.ATTACHED) {
            return;
        }
        Event first = leaders.computeIfAbsent(event.extra(), () -> event);
        if (first.other() != event.other()) {
            violated(() -> "term " + event.extra() + " had leaders n" + first.other() + " and n" + event.other());
        }
        long[] highest = seen.computeIfAbsent(Ledger.pair(event.peer(), event.life()), () -> new long[1]);
        if (event.extra() < highest[0]) {
            violated(() -> Names.peer(event.peer()) + " went back to term " + event.extra() + ": " + event);
        }
        highest[0] = Math.max(highest[0], event.extra());
    }
}
