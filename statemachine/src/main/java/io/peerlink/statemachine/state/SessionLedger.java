package io.peerlink.statemachine.state;

import io.peerlink.state.v1.IncarnationRecord;
import io.peerlink.state.v1.OutcomeRecord;
import io.peerlink.state.v1.OutcomeSpan;
import io.peerlink.statemachine.Outcome.RequestResult;
import io.peerlink.statemachine.store.KeyCodec;
import io.peerlink.statemachine.store.Row;
import io.peerlink.statemachine.store.Rows;
import io.peerlink.statemachine.store.Transaction;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one incarnation asked for and what came of it, while an entry is applied. Apply thread only. Invariant: stored
 * outcomes cover {@code lowestUnsettled..lastSequence} without gaps (and may begin earlier, inside a row).
 */
public final class SessionLedger {
    /**
     * How old a use may be before the next one is noted. Coarse, so that a busy session does not move its due row with every
     * entry; far below the shortest retention that can be configured, a minute.
     */
    public static final long USE_STEP_MS = 10_000;

    /**
     * How many outcomes the incarnation's row holds at most. Who has one request in flight at a time then costs this row and no
     * other; with more, rows of their own cost less, as this one is written with every entry.
     */
    private static final int NEWEST_MAX = 8;

    private final String peer;
    private final long incarnation;
    private final byte[] prefix;
    private final Transaction transaction;
    private final boolean keepsNewest;
    private IncarnationRecord stored;
    private long lastSequence;
    private long lowestUnsettled;
    private long usedAtMs;
    private int keyChanges;

    /** The outcomes up to {@code lastSequence} or, while there are open ones, up to these. */
    private OutcomeRecord newest;

    private OutcomeRecord.@Nullable Builder open;
    private long openFirst;
    private OutcomeSpan.@Nullable Builder span;

    private @Nullable Row<OutcomeRecord> recalled;

    /**
     * @param keepsNewest whether the newest outcomes stay in the incarnation's row, while they are few
     */
    SessionLedger(
            Transaction transaction, String peer, long incarnation, IncarnationRecord stored, boolean keepsNewest) {
        this.transaction = transaction;
        this.peer = peer;
        this.incarnation = incarnation;
        this.prefix = KeyCodec.numbered(peer, incarnation);
        this.keepsNewest = keepsNewest;
        this.newest = stored.getNewest();
        this.stored = stored;
        this.lastSequence = stored.getLastSequence();
        this.lowestUnsettled = stored.getLowestUnsettled();
        this.usedAtMs = stored.getUsedAtMs();
        this.keyChanges = stored.getKeyChanges();
    }

    public String peer() {
        return peer;
    }

    public long incarnation() {
        return incarnation;
    }

    public long lastSequence() {
        return lastSequence;
    }

    public long lowestUnsettled() {
        return lowestUnsettled;
    }

    /** How often the peer's key had changed when it was opened. */
    public int keyChanges() {
        return keyChanges;
    }

    public void openedWith(int changes) {
        keyChanges = changes;
    }

    /** An outcome recalled for a repeated request, with the checksum of the request that it answers. */
    public record Recalled(RequestResult result, int checksum) {}

    /** Marks the session as used now, which postpones its being forgotten. */
    public void reopen(long clockMs, DueWork dueWork) {
        dueWork.delete(due());
        usedAtMs = clockMs;
        dueWork.put(due());
    }

    /** Like {@link #reopen}, unless the last use was noted a short while ago. */
    public void use(long clockMs, DueWork dueWork) {
        if (clockMs - usedAtMs >= USE_STEP_MS) {
            reopen(clockMs, dueWork);
        }
    }

    /** Raises the lowest sequence that may be repeated, and forgets outcomes below it. */
    public void settleBelow(long sequence) {
        long wanted = Long.compareUnsigned(sequence, lastSequence + 1) > 0 ? lastSequence + 1 : sequence;
        if (wanted <= lowestUnsettled) {
            return;
        }
        seal();
        recalled = null;
        long below = Math.min(wanted, newestFirst());
        if (lowestUnsettled < below) {
            deleteRows(lowestUnsettled, below);
        }
        newest = OutcomeSpans.from(wanted, newest, newestFirst());
        lowestUnsettled = wanted;
    }

    /** Records the outcome of requests with the next sequences, one checksum each; {@code result} is the first one's. */
    public void record(RequestResult result, List<Integer> checksums, long clockMs) {
        long first = lastSequence + 1;
        lastSequence += checksums.size();
        OutcomeRecord.Builder row = open;
        if (row == null) {
            row = OutcomeRecord.newBuilder();
            open = row;
            openFirst = first;
        }
        row.addAllChecksums(checksums);
        OutcomeSpan.Builder last = span;
        if (last != null && OutcomeSpans.extend(last, result)) {
            last.setCount(last.getCount() + checksums.size());
            return;
        }
        if (last != null) {
            row.addSpans(last);
        }
        span = OutcomeSpans.start(first, clockMs, result).setCount(checksums.size());
    }

    /** The recorded outcome of a request in {@code lowestUnsettled..lastSequence}. */
    public Recalled recall(long sequence) {
        seal();
        if (sequence >= newestFirst()) {
            return recall(newest, newestFirst(), sequence);
        }
        Row<OutcomeRecord> row = recalled;
        if (row == null || !holds(row, sequence)) {
            row = transaction.floor(Tables.OUTCOMES, prefix, KeyCodec.append(prefix, sequence));
            if (row == null || !holds(row, sequence)) {
                throw new IllegalStateException("no outcome " + sequence + " of " + peer + "/" + incarnation);
            }
            recalled = row;
        }
        return recall(row.value(), row.lastNumber(), sequence);
    }

    private static Recalled recall(OutcomeRecord outcomes, long first, long sequence) {
        return new Recalled(OutcomeSpans.resultAt(outcomes, sequence), outcomes.getChecksums((int) (sequence - first)));
    }

    /** Deletes everything about the incarnation. The ledger must not be used afterwards. */
    void forget(DueWork dueWork) {
        seal();
        dueWork.delete(due());
        List<byte[]> keys = new ArrayList<>();
        transaction.scan(Tables.OUTCOMES, prefix, KeyCodec.endOf(prefix), row -> keys.add(row.key()));
        keys.forEach(key -> transaction.delete(Tables.OUTCOMES, key));
        transaction.delete(Tables.INCARNATIONS, prefix);
    }

    void store() {
        seal();
        IncarnationRecord.Builder row = IncarnationRecord.newBuilder()
                .setLastSequence(lastSequence)
                .setLowestUnsettled(lowestUnsettled)
                .setUsedAtMs(usedAtMs)
                .setKeyChanges(keyChanges);
        if (newest.getChecksumsCount() > 0) {
            row.setNewest(newest);
        }
        IncarnationRecord now = row.build();
        if (!now.equals(stored)) {
            transaction.put(Tables.INCARNATIONS, prefix, now);
            stored = now;
        }
    }

    /** Of the outcomes that are kept in the incarnation's row; of the next request if there are none. */
    private long newestFirst() {
        return lastSequence + 1 - newest.getChecksumsCount();
    }

    /** Makes open outcomes readable. */
    private void seal() {
        OutcomeRecord.Builder row = open;
        OutcomeSpan.Builder last = span;
        if (row == null || last == null) {
            return;
        }
        open = null;
        span = null;
        OutcomeRecord sealed = row.addSpans(last).build();
        OutcomeRecord before = newest;
        int kept = before.getChecksumsCount() + sealed.getChecksumsCount();
        if (keepsNewest && kept <= NEWEST_MAX) {
            newest = before.toBuilder().mergeFrom(sealed).build();
            return;
        }
        if (before.getChecksumsCount() > 0) {
            put(openFirst - before.getChecksumsCount(), before);
        }
        if (keepsNewest && sealed.getChecksumsCount() <= NEWEST_MAX) {
            newest = sealed;
        } else {
            newest = OutcomeRecord.getDefaultInstance();
            put(openFirst, sealed);
        }
    }

    private void put(long first, OutcomeRecord outcomes) {
        transaction.put(Tables.OUTCOMES, KeyCodec.append(prefix, first), outcomes);
    }

    // Starts at the row that holds lowest and stops by counting, so that it never wades through rows deleted before.
    private void deleteRows(long lowest, long below) {
        Rows rows = transaction;
        var start = rows.floor(Tables.OUTCOMES, prefix, KeyCodec.append(prefix, lowest));
        if (start == null) {
            throw new IllegalStateException("no outcome " + lowest + " of " + peer + "/" + incarnation);
        }
        rows.scan(Tables.OUTCOMES, start.key(), KeyCodec.endOf(prefix), row -> {
            long next = row.lastNumber() + row.value().getChecksumsCount();
            if (next <= below) {
                transaction.delete(Tables.OUTCOMES, row.key());
            }
            return next < below;
        });
    }

    private static boolean holds(Row<OutcomeRecord> row, long sequence) {
        return row.lastNumber() <= sequence
                && sequence < row.lastNumber() + row.value().getChecksumsCount();
    }

    private Due due() {
        return new Due(Due.Type.INCARNATION, usedAtMs, peer, incarnation);
    }
}
