package io.peerlink.statemachine.state;

import io.peerlink.state.v1.CursorRecord;
import io.peerlink.state.v1.InboxRun;
import io.peerlink.state.v1.InboxSpan;
import io.peerlink.state.v1.MessageSpan;
import io.peerlink.state.v1.ReceiptEntry;
import io.peerlink.statemachine.store.KeyCodec;
import io.peerlink.statemachine.store.Transaction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One peer's inbox while an entry is applied: entries appended so far are held in one open run, which {@link #seal} makes a
 * row. Apply thread only. Invariant: {@code confirmed <= head}; inbox sequences have no gaps.
 */
public final class OpenInbox {
    private final String peer;
    private final long storedHead;
    private final long storedConfirmed;
    private long head;
    private long confirmed;
    private long waitingBytes;

    private InboxRun.@Nullable Builder run;
    private long runFirst;

    // The span being extended, held in fields because a fan-out of thousands of messages passes here. Empty: count 0.
    private String conversation = "";
    private String sender = "";
    private long first;
    private int count;
    private long bytes;

    OpenInbox(String peer, CursorRecord stored) {
        this.peer = peer;
        this.head = stored.getHead();
        this.confirmed = stored.getConfirmed();
        this.waitingBytes = stored.getWaitingBytes();
        this.storedHead = head;
        this.storedConfirmed = confirmed;
    }

    public String peer() {
        return peer;
    }

    public long head() {
        return head;
    }

    public long confirmed() {
        return confirmed;
    }

    /** Of the bodies that are not confirmed. */
    public long waitingBytes() {
        return waitingBytes;
    }

    boolean hasGrown() {
        return head != storedHead;
    }

    boolean hasMoved() {
        return confirmed != storedConfirmed;
    }

    /** Appends pointers to consecutive messages. */
    public void appendMessages(
            String inConversation, String bySender, long firstSequence, int messages, long bodyBytes) {
        if (count > 0
                && firstSequence == first + count
                && inConversation.equals(conversation)
                && bySender.equals(sender)) {
            count += messages;
            bytes += bodyBytes;
        } else {
            endSpan();
            startRun();
            conversation = inConversation;
            sender = bySender;
            first = firstSequence;
            count = messages;
            bytes = bodyBytes;
        }
        head += messages;
        waitingBytes += bodyBytes;
    }

    public void appendReceipt(ReceiptEntry receipt) {
        endSpan();
        startRun().addSpans(InboxSpan.newBuilder().setReceipt(receipt));
        head++;
    }

    /** Makes a row of what was appended, so that it can be read. */
    void seal(Transaction transaction) {
        endSpan();
        InboxRun.Builder sealed = run;
        if (sealed != null) {
            transaction.put(Tables.INBOX, KeyCodec.numbered(peer, runFirst), sealed.build());
            run = null;
        }
    }

    /**
     * Moves the confirmed cursor and deletes rows that lie wholly below it. The run must be sealed.
     *
     * @param passed is given each span that the cursor passes, cut to what it passes
     */
    public void confirm(Transaction transaction, long upTo, Consumer<InboxSpan> passed) {
        long from = confirmed + 1;
        InboxRows.walkRows(transaction, peer, from, upTo, (rowFirst, row) -> {
            InboxRows.walkSpans(rowFirst, row, from, upTo, (first, span) -> {
                waitingBytes -= span.getMessages().getBytes();
                passed.accept(span);
                return true;
            });
            if (rowFirst + InboxRows.length(row) - 1 <= upTo) {
                transaction.delete(Tables.INBOX, KeyCodec.numbered(peer, rowFirst));
            }
            return true;
        });
        confirmed = upTo;
    }

    void store(Transaction transaction) {
        seal(transaction);
        if (hasGrown() || hasMoved()) {
            transaction.put(
                    Tables.CURSORS,
                    KeyCodec.name(peer),
                    CursorRecord.newBuilder()
                            .setConfirmed(confirmed)
                            .setHead(head)
                            .setWaitingBytes(waitingBytes)
                            .build());
        }
    }

    // Called before the head moves for the entry that starts the run.
    private InboxRun.Builder startRun() {
        InboxRun.Builder open = run;
        if (open == null) {
            open = InboxRun.newBuilder();
            run = open;
            runFirst = head + 1;
        }
        return open;
    }

    private void endSpan() {
        InboxRun.Builder open = run;
        if (count > 0 && open != null) {
            open.addSpans(InboxSpan.newBuilder()
                    .setMessages(MessageSpan.newBuilder()
                            .setConversation(conversation)
                            .setSender(sender)
                            .setFirstSequence(first)
                            .setCount(count)
                            .setBytes(bytes)));
            count = 0;
        }
    }
}
