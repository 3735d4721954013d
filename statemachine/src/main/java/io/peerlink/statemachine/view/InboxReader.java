package io.peerlink.statemachine.view;

import io.peerlink.state.v1.MessageSpan;
import io.peerlink.state.v1.ReceiptEntry;
import io.peerlink.statemachine.StateView.InboxEntry;
import io.peerlink.statemachine.StateView.InboxFilter;
import io.peerlink.statemachine.StateView.InboxPage;
import io.peerlink.statemachine.StateView.MessagesView;
import io.peerlink.statemachine.StateView.ReceiptView;
import io.peerlink.statemachine.state.InboxRows;
import io.peerlink.statemachine.state.Interval;
import io.peerlink.statemachine.state.Tables;
import io.peerlink.statemachine.store.KeyCodec;
import io.peerlink.statemachine.store.ReadSnapshot;
import java.util.ArrayList;
import java.util.List;

/** Reads one page of an inbox. Belongs to one call. */
final class InboxReader {
    /** Bound on what a call passes over without giving it out, so that a long dead stretch cannot hold a thread. */
    private static final int SKIPPED_MAX = 10_000;

    private final ReadSnapshot rows;
    private final MessageReader messages;
    private final EndedMessages ended;
    private final String peer;

    private final List<InboxEntry> entries = new ArrayList<>();
    private int deliveries;
    private long bytes;
    private long skipped;
    private long upTo;

    InboxReader(ReadSnapshot rows, MessageReader messages, String peer) {
        this.rows = rows;
        this.messages = messages;
        this.ended = new EndedMessages(rows, peer);
        this.peer = peer;
    }

    InboxPage read(long afterSequence, InboxFilter filter, int deliveriesMax, long bytesMax) {
        var cursor = rows.get(Tables.CURSORS, KeyCodec.name(peer));
        if (cursor == null) {
            return new InboxPage(List.of(), 0, false);
        }
        upTo = Math.max(afterSequence, cursor.getConfirmed());
        if (upTo >= cursor.getHead()) {
            return new InboxPage(List.of(), cursor.getHead(), false);
        }
        InboxRows.walk(rows, peer, upTo + 1, cursor.getHead(), (first, span) -> {
            if (!span.hasMessages()) {
                entries.add(new InboxEntry.ReceiptEntry(first, receipt(span.getReceipt())));
                deliveries++;
                upTo = first;
            } else if (filter == InboxFilter.ALL) {
                addMessages(first, span.getMessages(), deliveriesMax, bytesMax);
            } else {
                skipped++;
                upTo = first + InboxRows.length(span) - 1;
            }
            return !isFull(deliveriesMax, bytesMax);
        });
        boolean more = upTo < cursor.getHead();
        if (more) {
            messages.keepLast();
        }
        return new InboxPage(List.copyOf(entries), upTo, more);
    }

    private boolean isFull(int deliveriesMax, long bytesMax) {
        return deliveries >= deliveriesMax || bytes >= bytesMax || skipped >= SKIPPED_MAX;
    }

    private void addMessages(long firstInbox, MessageSpan span, int deliveriesMax, long bytesMax) {
        long first = span.getFirstSequence();
        long last = first + span.getCount() - 1;
        // Looking no further than the page can reach keeps a call's cost to its page.
        last = Math.min(last, first + deliveriesMax + SKIPPED_MAX);
        long next = first;
        for (Interval owed : ended.owed(span.getConversation(), first, last)) {
            skipped += owed.first() - next;
            next = owed.last() + 1;
            for (long sequence = owed.first(); sequence <= owed.last(); ) {
                if (isFull(deliveriesMax, bytesMax)) {
                    return;
                }
                long messagesMax = Math.min(owed.last() - sequence + 1, deliveriesMax - deliveries);
                MessagesView alike =
                        found(span.getConversation(), sequence).view(sequence, messagesMax, bytesMax - bytes);
                entries.add(new InboxEntry.MessagesEntry(firstInbox + (sequence - first), alike));
                deliveries += alike.bodies().size();
                bytes += alike.bodyBytes();
                sequence += alike.bodies().size();
                upTo = firstInbox + (sequence - first) - 1;
            }
        }
        skipped += last + 1 - next;
        upTo = firstInbox + (last - first);
    }

    private MessageReader.Found found(String conversation, long sequence) {
        var found = messages.find(conversation, sequence);
        if (found == null) {
            throw new IllegalStateException("inbox of " + peer + " points to missing " + conversation + "/" + sequence);
        }
        return found;
    }

    static ReceiptView receipt(ReceiptEntry receipt) {
        return new ReceiptView(
                StatusReader.state(receipt.getKind()),
                receipt.getPeer(),
                receipt.getConversation(),
                receipt.getFromSequence(),
                receipt.getUpToSequence(),
                receipt.getAtMs());
    }
}
