package io.peerlink.integration.torture.check;

import io.peerlink.integration.torture.check.ReceiptLane.Heard;
import io.peerlink.integration.torture.history.Names;
import java.util.BitSet;
import java.util.List;

/**
 * I10: for a recipient the states of a message run SENT, DELIVERED, READ. Within a session no DELIVERED comes for what was told
 * delivered before, and no READ before its DELIVERED. (A client that was killed may hear the last receipts again.)
 */
final class ReceiptsNeverRegress extends Invariant {
    ReceiptsNeverRegress() {
        super("I10 receipts never regress", Column.UNTRUTHFUL);
    }

    @Override
    void atEnd(Ledger ledger) {
        for (ReceiptLane lane : ledger.receiptLanes()) {
            check(ledger, lane);
        }
    }

    private void check(Ledger ledger, ReceiptLane lane) {
        List<Sent> own = ledger.own(lane.sender, lane.conversation);
        BitSet known = new BitSet();
        long highest = 0;
        int life = 0;
        for (Heard receipt : lane.receipts) {
            int from = Ledger.firstFrom(own, receipt.from());
            int to = Math.max(from, Ledger.firstFrom(own, receipt.upTo() + 1));
            highest = receipt.life() == life ? highest : 0;
            life = receipt.life();
            switch (receipt.kind()) {
                case DELIVERED -> {
                    long before = highest;
                    if (receipt.upTo() <= before) {
                        violated(() -> describe(lane) + " goes back from " + before + ": " + receipt);
                    }
                    highest = Math.max(highest, receipt.upTo());
                    known.set(from, to);
                }
                case READ -> {
                    int missing = known.nextClearBit(from);
                    if (missing < to
                            && ledger.lane(lane.recipient, lane.conversation).presentedAt(own.get(missing).place)
                                    != 0) {
                        violated(() -> own.get(missing) + " is read before it is delivered: " + receipt);
                    }
                }
                case LEFT, EXPIRED -> known.set(from, to);
            }
        }
    }

    private static String describe(ReceiptLane lane) {
        return "what " + Names.peer(lane.sender) + " hears of " + Names.peer(lane.recipient) + " in "
                + Names.conversationName(lane.conversation);
    }
}
