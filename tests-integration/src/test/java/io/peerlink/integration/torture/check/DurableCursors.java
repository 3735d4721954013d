package io.peerlink.integration.torture.check;

import io.peerlink.client.Receipt;
import io.peerlink.integration.torture.check.ReceiptLane.Heard;
import io.peerlink.integration.torture.history.Event;
import io.peerlink.integration.torture.history.Kind;
import io.peerlink.integration.torture.history.Names;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** I16: the cursor a peer is offered when it attaches covers everything whose confirmation was told to anybody before. */
final class DurableCursors extends Invariant {
    /** One attach: when its search began, and the cursor it was offered. */
    private record Offer(long searchedSince, long cursor) {}

    /** Told to a sender: the peer had confirmed up to here. */
    private record Proof(long nanos, long inboxSequence) {}

    private final LongIndex<long[]> searching = new LongIndex<>();
    private final LongIndex<long[]> highest = new LongIndex<>();
    private final LongIndex<List<Offer>> offers = new LongIndex<>();
    private final LongIndex<List<Proof>> proofs = new LongIndex<>();

    DurableCursors() {
        super("I16 durable cursors", Column.OTHER);
    }

    @Override
    void on(Event event, Ledger before) {
        if (event.kind() == Kind.CONNECTING) {
            searching.computeIfAbsent(event.peer(), () -> new long[1])[0] = event.nanos();
        } else if (event.kind() == Kind.ATTACHED) {
            long[] cursor = highest.computeIfAbsent(event.peer(), () -> new long[1]);
            if (event.place() < cursor[0]) {
                violated(() -> Names.peer(event.peer()) + "'s cursor fell from " + cursor[0] + ": " + event);
            }
            cursor[0] = Math.max(cursor[0], event.place());
            offers.computeIfAbsent(event.peer(), ArrayList::new)
                    .add(new Offer(searching.computeIfAbsent(event.peer(), () -> new long[1])[0], event.place()));
        }
    }

    @Override
    void atEnd(Ledger ledger) {
        for (ReceiptLane lane : ledger.receiptLanes()) {
            List<Sent> own = ledger.own(lane.sender, lane.conversation);
            Lane shown = ledger.lane(lane.recipient, lane.conversation);
            for (Heard receipt : lane.receipts) {
                int last = Ledger.firstFrom(own, receipt.upTo() + 1) - 1;
                if (receipt.kind() == Receipt.Kind.DELIVERED && last >= 0) {
                    proofs.computeIfAbsent(lane.recipient, ArrayList::new)
                            .add(new Proof(receipt.nanos(), shown.inboxSequence(own.get(last).place)));
                }
            }
        }
        for (int peer = 0; peer < Names.PEERS_MAX; peer++) {
            List<Offer> offered = offers.get(peer);
            List<Proof> proven = proofs.get(peer);
            if (offered != null && proven != null) {
                check(peer, offered, proven);
            }
        }
    }

    private void check(int peer, List<Offer> offered, List<Proof> proven) {
        proven.sort(Comparator.comparingLong(Proof::nanos));
        int next = 0;
        long confirmed = 0;
        for (Offer offer : offered) {
            while (next < proven.size() && proven.get(next).nanos() < offer.searchedSince()) {
                confirmed = Math.max(confirmed, proven.get(next++).inboxSequence());
            }
            long before = confirmed;
            if (offer.cursor() < before) {
                violated(() ->
                        Names.peer(peer) + " was offered cursor " + offer.cursor() + ", but had confirmed " + before);
            }
        }
    }
}
