package io.peerlink.integration.torture.check;

import io.peerlink.integration.torture.history.Event;
import io.peerlink.integration.torture.history.Kind;
import io.peerlink.integration.torture.history.Names;

/** I2: what is given to anybody was sent, exactly so, to that conversation, and was not refused. */
final class NoPhantom extends Invariant {
    NoPhantom() {
        super("I2 no phantom", Column.OTHER);
    }

    @Override
    void on(Event event, Ledger before) {
        if (event.kind() != Kind.PRESENT && event.kind() != Kind.STORED) {
            return;
        }
        Sent message = before.sent(event);
        if (message == null) {
            violated(() -> "a body that nobody sent: " + event);
        } else if (message.hash != event.hash()) {
            violated(() -> message + " has another body: " + event);
        } else if (message.conversation != event.conversation()) {
            violated(() -> message + " is in " + Names.conversationName(event.conversation()));
        } else if (event.kind() == Kind.PRESENT
                && !Names.isGroup(event.conversation())
                && Names.otherOf(event.conversation(), message.sender) != event.peer()) {
            violated(() -> message + " was given to " + Names.peer(event.peer()));
        }
    }

    @Override
    void atEnd(Ledger ledger) {
        for (Sent message : ledger.sends()) {
            if (message.outcome == Kind.FAIL && (message.presented || message.stored)) {
                violated(() -> message + " was refused, and yet given to somebody");
            }
        }
    }
}
