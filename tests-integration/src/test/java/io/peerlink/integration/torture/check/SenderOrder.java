package io.peerlink.integration.torture.check;

import io.peerlink.integration.torture.history.Event;
import io.peerlink.integration.torture.history.Kind;
import java.util.List;

/** I5: one sender's messages keep the order of its calls, in each conversation and for each receiver. */
final class SenderOrder extends Invariant {
    /** The request presented last of one sender's one life in one receiver's lane. */
    private static final class Last {
        private long number;
    }

    private final LongIndex<LongIndex<Last>> lanes = new LongIndex<>();

    SenderOrder() {
        super("I5 order of the sender", Column.OUT_OF_ORDER);
    }

    @Override
    void on(Event event, Ledger before) {
        if (event.kind() != Kind.PRESENT || event.other() < 0) {
            return;
        }
        Last last = lanes.computeIfAbsent(Ledger.pair(event.peer(), event.conversation()), LongIndex::new)
                .computeIfAbsent(Ledger.pair(event.other(), event.code()), Last::new);
        // The same again is a doubled one, not a disordered one.
        if (event.number() < last.number) {
            violated(() -> "request " + event.number() + " was shown after " + last.number + ": " + event);
        }
        last.number = Math.max(last.number, event.number());
    }

    @Override
    void atEnd(Ledger ledger) {
        for (Lane lane : ledger.lanes()) {
            List<Sent> own = ledger.own(lane.receiver, lane.conversation);
            for (int i = 1; i < own.size(); i++) {
                Sent earlier = own.get(i - 1);
                Sent later = own.get(i);
                if (earlier.life == later.life && earlier.number > later.number) {
                    violated(() -> earlier + " stands before " + later);
                }
            }
        }
    }
}
