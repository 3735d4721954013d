package io.peerlink.integration.torture.check;

import io.peerlink.client.Receipt;
import io.peerlink.integration.torture.history.Event;
import io.peerlink.integration.torture.history.Op;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the histories say, put together by message, receiver and sender. Fed with all events in the order of time. */
final class Ledger {
    private final LongIndex<Sent> sends = new LongIndex<>();
    private final LongIndex<Sent> places = new LongIndex<>();
    private final LongIndex<Lane> lanes = new LongIndex<>();
    private final LongIndex<ReceiptLane> receiptLanes = new LongIndex<>();
    private final LongIndex<List<Sent>> ownMessages = new LongIndex<>();
    private final Memberships memberships = new Memberships();
    private long events;
    private boolean historyRead;

    /** A request's name. Numbers and lives of a run are far below the limits of this packing. */
    static long key(int peer, int life, long number) {
        return ((long) peer << 48) ^ ((long) life << 34) ^ number;
    }

    static long pair(int high, int low) {
        return ((long) high << 32) | (low & 0xffffffffL);
    }

    void on(Event event) {
        events++;
        switch (event.kind()) {
            case INVOKE -> invoked(event);
            case OK, FAIL, UNKNOWN -> ended(event);
            case PRESENT -> presented(event);
            case STORED -> {
                historyRead = true;
                Sent message = sent(event);
                if (message != null) {
                    message.stored = true;
                    place(message, event);
                }
            }
            case RECEIPT ->
                receiptLane(event.peer(), event.other(), event.conversation())
                        .receipts
                        .add(new ReceiptLane.Heard(
                                event.nanos(), event.life(), event.code(), event.place(), event.number()));
            default -> {}
        }
    }

    private void invoked(Event event) {
        if (event.op() == Op.SEND) {
            sends.put(key(event.peer(), event.life(), event.number()), new Sent(event));
        } else if (event.op() == Op.READ) {
            lane(event.peer(), event.conversation()).markAsked(event.place(), event.nanos());
        }
        memberships.on(event);
    }

    private void ended(Event event) {
        if (event.op() == Op.SEND) {
            Sent message = sends.get(key(event.peer(), event.life(), event.number()));
            if (message != null) {
                message.outcome = event.kind();
                message.code = event.code();
                if (message.isAccepted()) {
                    message.accepted = event.nanos();
                    message.toldRecipients = event.extra();
                    place(message, event);
                }
            }
        } else if (event.op() == Op.READ && event.kind() == io.peerlink.integration.torture.history.Kind.OK) {
            Lane lane = lane(event.peer(), event.conversation());
            lane.readAccepted = Math.max(lane.readAccepted, event.place());
        }
        memberships.on(event);
    }

    private void presented(Event event) {
        lane(event.peer(), event.conversation()).present(event.place(), event.nanos(), event.extra());
        Sent message = sent(event);
        if (message != null) {
            message.presented = true;
            place(message, event);
        }
    }

    private void place(Sent message, Event event) {
        if (message.place == 0) {
            message.place = event.place();
        }
        long key = pair(event.conversation(), (int) event.place());
        if (places.get(key) == null) {
            places.put(key, message);
        }
    }

    /** The send that a presented or stored message says to be. */
    @Nullable Sent sent(Event event) {
        return event.other() < 0 ? null : sends.get(key(event.other(), event.code(), event.number()));
    }

    /** The send that a request's outcome belongs to. */
    @Nullable Sent request(Event event) {
        return sends.get(key(event.peer(), event.life(), event.number()));
    }

    /** The message first seen at this place. */
    @Nullable Sent at(int conversation, long place) {
        return places.get(pair(conversation, (int) place));
    }

    Lane lane(int receiver, int conversation) {
        return lanes.computeIfAbsent(pair(receiver, conversation), () -> new Lane(receiver, conversation));
    }

    private ReceiptLane receiptLane(int sender, int recipient, int conversation) {
        long key = pair((sender << 16) | (recipient & 0xffff), conversation);
        return receiptLanes.computeIfAbsent(key, () -> new ReceiptLane(sender, recipient, conversation));
    }

    /** Whether the sender was told that it expired for this recipient. */
    boolean isToldExpired(Sent message, int recipient) {
        ReceiptLane lane = receiptLane(message.sender, recipient, message.conversation);
        return lane.receipts.stream()
                .anyMatch(receipt -> receipt.kind() == Receipt.Kind.EXPIRED
                        && receipt.from() <= message.place
                        && message.place <= receipt.upTo());
    }

    List<Sent> sends() {
        return sends.all();
    }

    List<Lane> lanes() {
        return lanes.all();
    }

    List<ReceiptLane> receiptLanes() {
        return receiptLanes.all();
    }

    Memberships memberships() {
        return memberships;
    }

    /** Whether the stored history was read after the run. */
    boolean historyRead() {
        return historyRead;
    }

    long events() {
        return events;
    }

    /** No more events will come: sorts what is looked up from now on. */
    void complete() {
        for (Sent message : sends.all()) {
            if (message.place > 0) {
                ownMessages
                        .computeIfAbsent(pair(message.sender, message.conversation), ArrayList::new)
                        .add(message);
            }
        }
        ownMessages.all().forEach(own -> own.sort(Comparator.comparingLong(message -> message.place)));
    }

    /** What one sender has in one conversation, by place. */
    List<Sent> own(int sender, int conversation) {
        List<Sent> own = ownMessages.get(pair(sender, conversation));
        return own == null ? List.of() : own;
    }

    /** Index of the first of these at or behind a place. */
    static int firstFrom(List<Sent> own, long place) {
        int low = 0;
        int high = own.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (own.get(middle).place < place) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
