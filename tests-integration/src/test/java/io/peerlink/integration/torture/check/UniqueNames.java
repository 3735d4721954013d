package io.peerlink.integration.torture.check;

import io.peerlink.integration.torture.history.Event;
import io.peerlink.integration.torture.history.Kind;
import io.peerlink.integration.torture.history.Names;
import io.peerlink.integration.torture.history.Op;

/** I12: a name is given away once, and a group is created once. */
final class UniqueNames extends Invariant {
    private final LongIndex<Event> registered = new LongIndex<>();
    private final LongIndex<Event> created = new LongIndex<>();

    UniqueNames() {
        super("I12 unique names", Column.OTHER);
    }

    @Override
    void on(Event event, Ledger before) {
        if (event.kind() == Kind.ATTACHED && event.code() == 1) {
            if (registered.computeIfAbsent(event.peer(), () -> event).nanos() != event.nanos()) {
                violated(() -> Names.peer(event.peer()) + " was registered again: " + event);
            }
        } else if (event.kind() == Kind.OK && event.op() == Op.CREATE) {
            Event first = created.computeIfAbsent(event.conversation(), () -> event);
            if (first.nanos() != event.nanos()) {
                violated(() -> Names.conversationName(event.conversation()) + " was created by "
                        + Names.peer(first.peer()) + " and again by " + Names.peer(event.peer()));
            }
        }
    }
}
