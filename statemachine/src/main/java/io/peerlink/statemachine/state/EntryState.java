package io.peerlink.statemachine.state;

import io.peerlink.state.v1.AppliedRecord;
import io.peerlink.state.v1.NameKind;
import io.peerlink.statemachine.Effect;
import io.peerlink.statemachine.LogPosition;
import io.peerlink.statemachine.store.KeyCodec;
import io.peerlink.statemachine.store.Transaction;
import java.util.ArrayList;
import java.util.List;

/**
 * The whole state, writable, while one log entry is applied. Changes collect in the transaction and in open runs until
 * {@link #commit}. Apply thread only; thrown away after the entry.
 */
public final class EntryState {
    /** Layout of the tables and of the running hash over them. 1 had no running hash, 2 hashed each row with SHA-256. */
    public static final int FORMAT = 3;

    private final Transaction transaction;
    private final Entry entry;
    private final long clockMs;
    private final Inboxes inboxes;
    private final Messages messages;
    private final Sessions sessions;
    private final Groups groups;
    private final Peers peers;
    private final Invites invites;
    private final DueWork dueWork;
    private final RunningHash hashes;

    /**
     * What is applied.
     *
     * @param format of the batch
     */
    public record Entry(LogPosition position, int format) {
        /**
         * Whether it is of this format at least. What a format brought is not done for entries of before: the same log must give
         * the same rows on every router, whichever version applies it.
         */
        public boolean isOf(int least) {
            return format >= least;
        }
    }

    /** What lives longer than an entry. */
    public record Memory(MemberCache members, DueProgress dueProgress, RunningHash hashes) {
        public Memory() {
            this(new MemberCache(), new DueProgress(), new RunningHash());
        }
    }

    /**
     * @param clockMs the cluster clock for everything in the entry
     */
    public EntryState(Transaction transaction, Entry entry, long clockMs, Memory memory) {
        this.transaction = transaction;
        this.entry = entry;
        this.clockMs = clockMs;
        this.hashes = memory.hashes();
        this.inboxes = new Inboxes(transaction);
        this.dueWork = new DueWork(transaction, memory.dueProgress(), entry);
        this.messages =
                new Messages(transaction, entry.isOf(4) ? entry.position() : LogPosition.NONE, clockMs, dueWork);
        this.sessions = new Sessions(transaction, dueWork, entry.isOf(5));
        this.groups = new Groups(transaction, memory.members(), clockMs);
        this.peers = new Peers(transaction, clockMs);
        this.invites = new Invites(transaction, clockMs);
    }

    public Transaction transaction() {
        return transaction;
    }

    public Entry entry() {
        return entry;
    }

    public long clockMs() {
        return clockMs;
    }

    public Inboxes inboxes() {
        return inboxes;
    }

    public Messages messages() {
        return messages;
    }

    public Sessions sessions() {
        return sessions;
    }

    public Groups groups() {
        return groups;
    }

    public Peers peers() {
        return peers;
    }

    public Invites invites() {
        return invites;
    }

    public DueWork dueWork() {
        return dueWork;
    }

    public RunningHash hashes() {
        return hashes;
    }

    /** Whose name it is; {@code NAME_KIND_UNSPECIFIED} if nobody's. */
    public NameKind nameKind(String name) {
        var record = transaction.get(Tables.NAMES, KeyCodec.name(name));
        return record == null ? NameKind.NAME_KIND_UNSPECIFIED : record.getKind();
    }

    /** Writes everything together with the position, and tells what changed for whom. */
    public List<Effect> commit() {
        messages.store();
        inboxes.store();
        sessions.store();
        dueWork.store();
        transaction.commit(
                Tables.APPLIED,
                Tables.appliedKey(),
                changes -> AppliedRecord.newBuilder()
                        .setTerm(entry.position().term())
                        .setIndex(entry.position().index())
                        .setFormat(FORMAT)
                        .setClockMs(clockMs)
                        .setChain(hashes.extend(entry.position(), changes))
                        .build());
        List<Effect> effects = new ArrayList<>(inboxes.effects());
        effects.addAll(hashes.takeComparisons());
        return effects;
    }
}
