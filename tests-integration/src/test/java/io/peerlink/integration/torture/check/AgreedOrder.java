package io.peerlink.integration.torture.check;

import io.peerlink.integration.torture.history.Event;
import io.peerlink.integration.torture.history.Kind;
import io.peerlink.integration.torture.history.Names;
import io.peerlink.integration.torture.history.Op;

/**
 * I6: a place in a conversation holds one message, whoever is asked; everybody is shown rising places; and the places of
 * stored direct conversations have no gaps.
 */
final class AgreedOrder extends Invariant {
    private final LongIndex<long[]> stored = new LongIndex<>();

    AgreedOrder() {
        super("I6 agreed order", Column.OUT_OF_ORDER);
    }

    @Override
    void on(Event event, Ledger before) {
        Sent message = switch (event.kind()) {
            case PRESENT, STORED -> before.sent(event);
            case OK -> event.op() == Op.SEND ? before.request(event) : null;
            default -> null;
        };
        if (message != null) {
            Sent there = before.at(event.conversation(), event.place());
            if (there != null && there != message) {
                violated(() -> message + " stands where " + there + " stands: " + event);
            }
        }
        if (event.kind() == Kind.PRESENT) {
            Lane lane = before.lane(event.peer(), event.conversation());
            long last = lane.last;
            if (event.place() < last && lane.presentedAt(event.place()) == 0) {
                violated(() -> "shown after " + last + ": " + event);
            }
        } else if (event.kind() == Kind.STORED && !Names.isGroup(event.conversation())) {
            long[] seen = stored.computeIfAbsent(event.conversation(), () -> new long[2]);
            seen[0]++;
            seen[1] = Math.max(seen[1], event.place());
        }
    }

    @Override
    void atEnd(Ledger ledger) {
        for (long[] seen : stored.all()) {
            if (seen[0] != seen[1]) {
                violated(() -> "a conversation whose last message is " + seen[1] + " holds " + seen[0]);
            }
        }
    }
}
