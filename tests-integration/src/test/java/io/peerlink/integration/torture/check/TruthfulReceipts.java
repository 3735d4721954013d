package io.peerlink.integration.torture.check;

import io.peerlink.client.Receipt;
import io.peerlink.integration.torture.check.ReceiptLane.Heard;
import io.peerlink.integration.torture.history.Names;
import java.util.BitSet;
import java.util.List;

/**
 * I9: DELIVERED only after the recipient had the message, READ only after it had asked to mark it, LEFT only after it had asked
 * to leave, EXPIRED only of what was sent with a short life, and not before its end.
 */
final class TruthfulReceipts extends Invariant {
    TruthfulReceipts() {
        super("I9 truthful receipts", Column.UNTRUTHFUL);
    }

    @Override
    void atEnd(Ledger ledger) {
        ledger.receiptLanes().forEach(lane -> check(ledger, lane));
    }

    private void check(Ledger ledger, ReceiptLane lane) {
        List<Sent> own = ledger.own(lane.sender, lane.conversation);
        Lane shown = ledger.lane(lane.recipient, lane.conversation);
        BitSet delivered = new BitSet();
        BitSet read = new BitSet();
        BitSet ended = new BitSet();
        for (Heard receipt : lane.receipts) {
            int from = Ledger.firstFrom(own, receipt.from());
            int to = Ledger.firstFrom(own, receipt.upTo() + 1);
            switch (receipt.kind()) {
                case DELIVERED -> {
                    for (int i = delivered.nextClearBit(from); i < to; i = delivered.nextClearBit(i + 1)) {
                        delivered.set(i);
                        if (!ended.get(i)) {
                            checkShown(ledger, own.get(i), shown, receipt);
                        }
                    }
                }
                case READ -> {
                    for (int i = read.nextClearBit(from); i < to; i = read.nextClearBit(i + 1)) {
                        read.set(i);
                        if (!ended.get(i)) {
                            checkRead(ledger, own.get(i), shown, receipt);
                        }
                    }
                }
                case LEFT -> {
                    ended.set(from, Math.max(from, to));
                    if (!ledger.memberships().askedToLeaveBefore(lane.conversation, lane.recipient, receipt.nanos())) {
                        violated(() -> Names.peer(lane.recipient) + " never left: " + receipt);
                    }
                }
                case EXPIRED -> {
                    ended.set(from, Math.max(from, to));
                    checkExpired(own.subList(from, Math.max(from, to)), shown, receipt);
                }
            }
        }
    }

    private void checkExpired(List<Sent> told, Lane shown, Heard receipt) {
        for (Sent message : told) {
            if (message.mayExpireFrom > receipt.nanos()) {
                violated(() -> message + " cannot have expired for " + Names.peer(shown.receiver) + ": " + receipt);
            }
        }
    }

    private void checkShown(Ledger ledger, Sent message, Lane shown, Heard receipt) {
        long at = shown.presentedAt(message.place);
        // A range may span what was not for this peer; who is no recipient has nothing delivered.
        if ((at == 0 || at > receipt.nanos()) && ledger.memberships().isOwedOrGiven(message, shown)) {
            violated(() -> message + " is told " + receipt.kind() + " by " + Names.peer(shown.receiver)
                    + ", who had not been shown it: " + receipt);
        }
    }

    private void checkRead(Ledger ledger, Sent message, Lane shown, Heard receipt) {
        checkShown(ledger, message, shown, receipt);
        if (shown.markedBefore(receipt.nanos()) < message.place
                && ledger.memberships().isOwedOrGiven(message, shown)) {
            violated(() -> message + " is told " + Receipt.Kind.READ + " by " + Names.peer(shown.receiver)
                    + ", who had not said so: " + receipt);
        }
    }
}
