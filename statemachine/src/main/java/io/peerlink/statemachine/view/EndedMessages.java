package io.peerlink.statemachine.view;

import io.peerlink.statemachine.state.Endings;
import io.peerlink.statemachine.state.Interval;
import io.peerlink.statemachine.store.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Tells which messages of a peer's inbox have ended, reading endings in portions per conversation. Must be asked in rising
 * order per conversation, as an inbox lists them. Belongs to one call.
 */
final class EndedMessages {
    private static final int PORTION = 256;

    private final Rows rows;
    private final String peer;
    private final Map<String, Known> known = new TreeMap<>();

    EndedMessages(Rows rows, String peer) {
        this.rows = rows;
        this.peer = peer;
    }

    /** Endings of one conversation: complete from the first to the last sequence of the interval. */
    private record Known(Interval covered, List<Endings.Ending> endings) {}

    /** The parts of {@code first..last} that are still owed, ascending. */
    List<Interval> owed(String conversation, long first, long last) {
        List<Interval> owed = new ArrayList<>();
        long from = first;
        while (from <= last) {
            Known portion = portion(conversation, from);
            long upTo = Math.min(last, portion.covered().last());
            owed.addAll(Endings.subtract(from, upTo, portion.endings()));
            from = upTo + 1;
        }
        return List.copyOf(owed);
    }

    private Known portion(String conversation, long sequence) {
        Known portion = known.get(conversation);
        if (portion == null || !portion.covered().contains(sequence)) {
            var endings = Endings.within(rows, conversation, peer, sequence, Interval.OPEN, PORTION);
            long last = endings.size() < PORTION
                    ? Interval.OPEN
                    : endings.get(PORTION - 1).range().last();
            portion = new Known(new Interval(sequence, last), endings);
            known.put(conversation, portion);
        }
        return portion;
    }
}
