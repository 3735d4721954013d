package io.peerlink.statemachine.apply;

import io.peerlink.state.v1.MessageSpan;
import io.peerlink.state.v1.ReceiptEntry;
import io.peerlink.state.v1.ReceiptKind;
import io.peerlink.statemachine.state.Endings;
import io.peerlink.statemachine.state.EntryState;
import io.peerlink.statemachine.state.Interval;
import io.peerlink.statemachine.state.Marks;
import io.peerlink.statemachine.store.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The messages of a part of one peer's inbox that were still owed to it, by conversation and sender, in key order so that
 * receipts come in the same order everywhere. Apply thread only.
 */
final class PassedMessages {
    private final Transaction transaction;
    private final String peer;
    private final Map<String, Passed> conversations = new TreeMap<>();
    // Endings left out that lie wholly in this part of the inbox or before it.
    private final Map<String, List<Endings.Ending>> ended = new TreeMap<>();

    PassedMessages(Transaction transaction, String peer) {
        this.transaction = transaction;
        this.peer = peer;
    }

    /** A part of the inbox: messages of one sender. */
    private record Span(String sender, Interval range) {}

    /** What one conversation has in it: merged ranges, and per sender from the lowest to the highest. */
    private static final class Passed {
        private final List<Span> spans = new ArrayList<>();
        private final List<Interval> ranges = new ArrayList<>();
        private final Map<String, Interval> senders = new TreeMap<>();

        void add(String sender, Interval range) {
            Interval last = ranges.isEmpty() ? null : ranges.get(ranges.size() - 1);
            if (last != null && last.last() + 1 == range.first()) {
                ranges.set(ranges.size() - 1, new Interval(last.first(), range.last()));
            } else {
                ranges.add(range);
            }
            senders.merge(sender, range, (before, now) -> new Interval(before.first(), now.last()));
        }
    }

    /** Adds a span of the inbox. Spans come in inbox order. */
    void add(MessageSpan span) {
        long first = span.getFirstSequence();
        conversations
                .computeIfAbsent(span.getConversation(), any -> new Passed())
                .spans
                .add(new Span(span.getSender(), new Interval(first, first + span.getCount() - 1)));
    }

    /** Leaves out what has ended before. One look per conversation, however many rows its messages came in. */
    void withoutEnded() {
        conversations.forEach((conversation, passed) -> {
            long first = passed.spans.get(0).range().first();
            long last = passed.spans.get(passed.spans.size() - 1).range().last();
            List<Endings.Ending> endings =
                    Endings.within(transaction, conversation, peer, first, last, Integer.MAX_VALUE);
            ended.put(
                    conversation,
                    endings.stream()
                            .filter(ending -> ending.range().last() <= last)
                            .toList());
            int from = 0;
            for (Span span : passed.spans) {
                while (from < endings.size()
                        && endings.get(from).range().last() < span.range().first()) {
                    from++;
                }
                Endings.subtract(span.range().first(), span.range().last(), endings.subList(from, endings.size()))
                        .forEach(range -> passed.add(span.sender(), range));
            }
        });
        conversations.values().removeIf(passed -> passed.ranges.isEmpty());
    }

    /** Raises the delivered watermarks. */
    void markDelivered(EntryState state) {
        conversations.forEach((conversation, passed) -> {
            long upTo = passed.ranges.get(passed.ranges.size() - 1).last();
            Marks.Step step = new Marks.Step(upTo, state.clockMs());
            Marks.DELIVERED.raise(transaction, conversation, peer, step, oldest(state, conversation));
        });
    }

    /** Lets go of endings that no inbox row needs any more. */
    void passEndings(EntryState state) {
        ended.forEach((conversation, endings) -> endings.forEach(
                ending -> Endings.pass(transaction, conversation, peer, ending, oldest(state, conversation))));
    }

    /** Ends them without delivery. */
    void endAs(EntryState state, ReceiptKind kind) {
        conversations.forEach((conversation, passed) -> {
            for (Interval range : passed.ranges) {
                Endings.put(transaction, conversation, peer, range, kind, state.clockMs());
            }
        });
    }

    /** One receipt per conversation and sender. */
    void tellSenders(EntryState state, ReceiptKind kind) {
        conversations.forEach((conversation, passed) -> passed.senders.forEach((sender, range) ->
                state.inboxes().of(sender).appendReceipt(receipt(state, kind, peer, conversation, range))));
    }

    private static long oldest(EntryState state, String conversation) {
        return state.messages().of(conversation).firstSequence();
    }

    static ReceiptEntry receipt(EntryState state, ReceiptKind kind, String peer, String conversation, Interval range) {
        return ReceiptEntry.newBuilder()
                .setKind(kind)
                .setPeer(peer)
                .setConversation(conversation)
                .setFromSequence(range.first())
                .setUpToSequence(range.last())
                .setAtMs(state.clockMs())
                .build();
    }
}
