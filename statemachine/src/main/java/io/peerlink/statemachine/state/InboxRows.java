package io.peerlink.statemachine.state;

import io.peerlink.state.v1.InboxRun;
import io.peerlink.state.v1.InboxSpan;
import io.peerlink.state.v1.MessageSpan;
import io.peerlink.statemachine.store.KeyCodec;
import io.peerlink.statemachine.store.Rows;

/**
 * Reads a peer's inbox rows. Rows above the confirmed cursor are without gaps, so a walk starts at the row that holds its
 * first entry and stops by counting: it never looks for rows that were deleted. Stateless.
 */
public final class InboxRows {
    private InboxRows() {}

    /** Called per row with the inbox sequence of its first entry; the return value says whether to go on. */
    @FunctionalInterface
    public interface RowVisitor {
        boolean visit(long first, InboxRun row);
    }

    /** Called per span with the inbox sequence of its first entry; the return value says whether to go on. */
    @FunctionalInterface
    public interface SpanVisitor {
        boolean visit(long first, InboxSpan span);
    }

    /** Visits the rows that hold {@code first..last}; {@code first} must be above the confirmed cursor. */
    public static void walkRows(Rows rows, String peer, long first, long last, RowVisitor visitor) {
        if (first > last) {
            return;
        }
        byte[] prefix = KeyCodec.prefix(peer);
        var start = rows.floor(Tables.INBOX, prefix, KeyCodec.append(prefix, first));
        if (start == null) {
            throw new IllegalStateException("inbox of " + peer + " has no entry " + first);
        }
        rows.scan(Tables.INBOX, start.key(), KeyCodec.endOf(prefix), row -> {
            long rowFirst = row.lastNumber();
            return visitor.visit(rowFirst, row.value()) && rowFirst + length(row.value()) <= last;
        });
    }

    /** Visits the spans that hold {@code first..last}, message spans cut to it. */
    public static void walk(Rows rows, String peer, long first, long last, SpanVisitor visitor) {
        walkRows(rows, peer, first, last, (rowFirst, row) -> walkSpans(rowFirst, row, first, last, visitor));
    }

    /** Visits the spans of one row that hold {@code first..last}; false if the visitor wanted no more. */
    static boolean walkSpans(long rowFirst, InboxRun row, long first, long last, SpanVisitor visitor) {
        long at = rowFirst;
        for (InboxSpan span : row.getSpansList()) {
            long next = at + length(span);
            if (at > last) {
                return false;
            }
            if (next > first && !visitor.visit(Math.max(at, first), cut(span, at, first, last))) {
                return false;
            }
            at = next;
        }
        return true;
    }

    public static long length(InboxRun row) {
        long length = 0;
        for (InboxSpan span : row.getSpansList()) {
            length += length(span);
        }
        return length;
    }

    public static long length(InboxSpan span) {
        return span.hasMessages() ? span.getMessages().getCount() : 1;
    }

    private static InboxSpan cut(InboxSpan span, long at, long first, long last) {
        long skipped = Math.max(0, first - at);
        long kept = Math.min(at + length(span) - 1, last) - at - skipped + 1;
        if (!span.hasMessages() || kept == length(span)) {
            return span;
        }
        MessageSpan whole = span.getMessages();
        return span.toBuilder()
                .setMessages(whole.toBuilder()
                        .setFirstSequence(whole.getFirstSequence() + skipped)
                        .setCount((int) kept)
                        .setBytes(share(whole, skipped + kept) - share(whole, skipped)))
                .build();
    }

    /** The first messages' part of the span's bytes: so cut that the parts of a span add up to all of it. */
    private static long share(MessageSpan span, long messages) {
        long count = span.getCount();
        return span.getBytes() / count * messages + span.getBytes() % count * messages / count;
    }
}
