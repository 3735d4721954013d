package io.peerlink.integration.torture.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** I7: a message that was acknowledged before another was sent stands before it. */
final class RealTimeOrder extends Invariant {
    RealTimeOrder() {
        super("I7 real-time order", Column.OUT_OF_ORDER);
    }

    @Override
    void atEnd(Ledger ledger) {
        LongIndex<List<Sent>> conversations = new LongIndex<>();
        for (Sent message : ledger.sends()) {
            if (message.place > 0) {
                conversations
                        .computeIfAbsent(message.conversation, ArrayList::new)
                        .add(message);
            }
        }
        conversations.all().forEach(this::check);
    }

    private void check(List<Sent> messages) {
        messages.sort(Comparator.comparingLong((Sent message) -> message.place).reversed());
        Sent earliest = messages.get(0);
        for (Sent message : messages) {
            Sent behind = earliest;
            if (behind.accepted < message.invoked) {
                violated(() -> behind + " was acknowledged before " + message + " was sent");
            }
            if (message.accepted < earliest.accepted) {
                earliest = message;
            }
        }
    }
}
