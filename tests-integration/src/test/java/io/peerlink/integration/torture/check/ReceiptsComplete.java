package io.peerlink.integration.torture.check;

import io.peerlink.integration.torture.check.ReceiptLane.Heard;
import io.peerlink.integration.torture.history.Event;
import io.peerlink.integration.torture.history.Kind;
import io.peerlink.integration.torture.history.Names;
import java.util.BitSet;
import java.util.List;

/** I11: once everything has settled, every sender knows of everything that was shown, and of everything marked read. */
final class ReceiptsComplete extends Invariant {
    private boolean settled;

    ReceiptsComplete() {
        super("I11 receipts complete", Column.UNTRUTHFUL);
    }

    @Override
    void on(Event event, Ledger before) {
        settled |= event.kind() == Kind.QUIET;
    }

    /** What a sender was told about its messages at one recipient. */
    private static final class Told {
        private final BitSet delivered = new BitSet();
        private final BitSet read = new BitSet();
    }

    @Override
    void atEnd(Ledger ledger) {
        if (!settled) {
            return;
        }
        LongIndex<Told> told = new LongIndex<>();
        for (ReceiptLane lane : ledger.receiptLanes()) {
            Told here = told.computeIfAbsent(key(lane.sender, lane.recipient, lane.conversation), Told::new);
            List<Sent> own = ledger.own(lane.sender, lane.conversation);
            lane.receipts.forEach(receipt -> note(here, own, receipt));
        }
        for (Lane lane : ledger.lanes()) {
            check(ledger, lane, told);
        }
    }

    private static long key(int sender, int recipient, int conversation) {
        return Ledger.pair((sender << 16) | (recipient & 0xffff), conversation);
    }

    private static void note(Told here, List<Sent> own, Heard receipt) {
        int from = Ledger.firstFrom(own, receipt.from());
        int to = Math.max(from, Ledger.firstFrom(own, receipt.upTo() + 1));
        switch (receipt.kind()) {
            case DELIVERED -> here.delivered.set(from, to);
            case READ -> here.read.set(from, to);
            case LEFT, EXPIRED -> {
                here.delivered.set(from, to);
                here.read.set(from, to);
            }
        }
    }

    private void check(Ledger ledger, Lane lane, LongIndex<Told> told) {
        Told nothing = new Told();
        for (long place = 1; place <= lane.highest(); place++) {
            Sent message = lane.presentedAt(place) == 0 ? null : ledger.at(lane.conversation, place);
            if (message == null) {
                continue;
            }
            Told found = told.get(key(message.sender, lane.receiver, lane.conversation));
            Told here = found == null ? nothing : found;
            int index = Ledger.firstFrom(ledger.own(message.sender, lane.conversation), place);
            if (!here.delivered.get(index)) {
                violated(() ->
                        "the sender of " + message + " does not know that " + Names.peer(lane.receiver) + " has it");
            } else if (place <= lane.readAccepted && message.sender != lane.receiver && !here.read.get(index)) {
                violated(() ->
                        "the sender of " + message + " does not know that " + Names.peer(lane.receiver) + " read it");
            }
        }
    }
}
