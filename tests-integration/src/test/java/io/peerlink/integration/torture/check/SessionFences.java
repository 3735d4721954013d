package io.peerlink.integration.torture.check;

import io.peerlink.integration.torture.history.Event;
import io.peerlink.integration.torture.history.Kind;
import io.peerlink.integration.torture.history.Names;

/**
 * I13: an incarnation is one session's alone, also after that is over, and a session that went on under a new one never comes
 * back to an older. What is sent under an older one then is {@link SenderOrder}'s, what is shown is
 * {@link ExactlyOncePresentation}'s. Several sessions of a peer may live at once: a new one fences no other off.
 */
final class SessionFences extends Invariant {
    private final LongIndex<Event> owners = new LongIndex<>();
    private final LongIndex<long[]> newest = new LongIndex<>();

    SessionFences() {
        super("I13 session fences", Column.OTHER);
    }

    @Override
    void on(Event event, Ledger before) {
        if (event.kind() != Kind.ATTACHED) {
            return;
        }
        long incarnation = event.hash();
        Event first = owners.computeIfAbsent(Ledger.pair(event.peer(), (int) incarnation), () -> event);
        if (first.life() != event.life()) {
            violated(() -> Names.peer(event.peer()) + "'s incarnation " + incarnation + " was given to life "
                    + first.life() + " and to life " + event.life());
        }
        long[] highest = newest.computeIfAbsent(Ledger.pair(event.peer(), event.life()), () -> new long[1]);
        if (incarnation < highest[0]) {
            violated(() -> Names.peer(event.peer()) + " came back to incarnation " + incarnation + ": " + event);
        }
        highest[0] = Math.max(highest[0], incarnation);
    }
}
