package io.peerlink.statemachine.state;

import com.google.protobuf.ByteString;
import io.peerlink.state.v1.ConversationRecord;
import io.peerlink.state.v1.MessageRun;
import io.peerlink.state.v1.StoredSpan;
import io.peerlink.statemachine.LogPosition;
import io.peerlink.statemachine.store.KeyCodec;
import io.peerlink.statemachine.store.Transaction;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One conversation while an entry is applied: messages appended so far are held in one open run, which {@link #seal} makes
 * a row with its due work. Apply thread only. Invariant: sequences have no gaps.
 */
public final class OpenConversation {
    private static final long TTL_MS_MAX = Long.MAX_VALUE / 4;

    private final String conversation;
    private final LogPosition position;
    private final long clockMs;
    private long lastSequence;
    private long firstSequence;
    private boolean changed;

    private MessageRun.@Nullable Builder run;
    private long runFirst;
    private final TreeMap<String, Integer> senders = new TreeMap<>();
    private final TreeSet<Long> expiries = new TreeSet<>();
    /** The last of the run: what is alike is added to it. */
    private StoredSpan.@Nullable Builder span;

    private String lastSender = "";
    private int lastSenderIndex = -1;

    OpenConversation(String conversation, LogPosition position, long clockMs, ConversationRecord stored) {
        this.conversation = conversation;
        this.position = position;
        this.clockMs = clockMs;
        this.lastSequence = stored.getLastSequence();
        this.firstSequence = Math.max(1, stored.getFirstSequence());
    }

    public String conversation() {
        return conversation;
    }

    public long lastSequence() {
        return lastSequence;
    }

    /** No message below this is stored any more. */
    public long firstSequence() {
        return firstSequence;
    }

    /** Says that everything below has been deleted. */
    public void trimmedBelow(long sequence) {
        firstSequence = sequence;
        changed = true;
    }

    /** Appends messages and gives the sequence of the first. */
    public long append(String sender, long ttlMs, String contentType, List<ByteString> bodies) {
        MessageRun.Builder open = run;
        long first = lastSequence + 1;
        lastSequence += bodies.size();
        changed = true;
        if (open == null) {
            open = MessageRun.newBuilder().setSentAtMs(clockMs);
            if (!position.equals(LogPosition.NONE)) {
                open.setTerm(position.term()).setIndex(position.index());
            }
            run = open;
            runFirst = first;
        }
        // The edge resolves and bounds it; no value may break the order of due work.
        long expiresAtMs = clockMs + Math.max(1, Math.min(ttlMs, TTL_MS_MAX));
        int senderIndex = senderIndex(open, sender);
        StoredSpan.Builder last = span;
        if (last == null
                || last.getSender() != senderIndex
                || last.getExpiresAtMs() != expiresAtMs
                || !last.getContentType().equals(contentType)) {
            expiries.add(expiresAtMs);
            last = open.addSpansBuilder()
                    .setSender(senderIndex)
                    .setExpiresAtMs(expiresAtMs)
                    .setContentType(contentType);
            span = last;
        }
        last.addAllBodies(bodies);
        return first;
    }

    void seal(Transaction transaction, DueWork dueWork) {
        MessageRun.Builder sealed = run;
        if (sealed == null) {
            return;
        }
        transaction.put(Tables.MESSAGES, KeyCodec.numbered(conversation, runFirst), sealed.build());
        for (long expiresAtMs : expiries) {
            dueWork.put(new Due(Due.Type.EXPIRY, expiresAtMs, conversation, runFirst));
        }
        dueWork.put(new Due(Due.Type.RETENTION, clockMs, conversation, runFirst));
        run = null;
        span = null;
        senders.clear();
        expiries.clear();
        lastSender = "";
        lastSenderIndex = -1;
    }

    void store(Transaction transaction, DueWork dueWork) {
        seal(transaction, dueWork);
        if (changed) {
            transaction.put(
                    Tables.CONVERSATIONS,
                    KeyCodec.name(conversation),
                    ConversationRecord.newBuilder()
                            .setLastSequence(lastSequence)
                            .setFirstSequence(firstSequence)
                            .build());
        }
    }

    private int senderIndex(MessageRun.Builder open, String sender) {
        if (lastSenderIndex < 0 || !sender.equals(lastSender)) {
            Integer known = senders.get(sender);
            if (known == null) {
                known = senders.size();
                senders.put(sender, known);
                open.addSenders(sender);
            }
            lastSender = sender;
            lastSenderIndex = known;
        }
        return lastSenderIndex;
    }
}
