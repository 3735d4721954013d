package io.peerlink.integration.torture.check;

import io.peerlink.integration.torture.history.Event;

/** I4: a send has one place, whoever tells and however often it was sent again. */
final class IdempotentSend extends Invariant {
    IdempotentSend() {
        super("I4 idempotent send", Column.DOUBLED);
    }

    @Override
    void on(Event event, Ledger before) {
        Sent message = switch (event.kind()) {
            case PRESENT, STORED -> before.sent(event);
            case OK -> before.request(event);
            default -> null;
        };
        if (message != null && message.place != 0 && message.place != event.place()) {
            violated(() -> message + " stands at " + event.place() + " too: " + event);
        }
    }
}
