package io.peerlink.integration.torture.check;

import io.peerlink.integration.torture.history.Event;
import io.peerlink.integration.torture.history.Kind;
import io.peerlink.integration.torture.history.Names;

/** I3: nobody is shown a message twice, not even across a crash of the client, whose cursor is durable. */
final class ExactlyOncePresentation extends Invariant {
    ExactlyOncePresentation() {
        super("I3 exactly-once presentation", Column.DOUBLED);
    }

    @Override
    void on(Event event, Ledger before) {
        if (event.kind() == Kind.PRESENT
                && before.lane(event.peer(), event.conversation()).presentedAt(event.place()) != 0) {
            violated(() -> Names.peer(event.peer()) + " was shown " + Names.conversationName(event.conversation()) + "/"
                    + event.place() + " again: " + event);
        }
    }
}
