package io.peerlink.integration.simulation;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The replicated log without Ratis: what is committed, who leads, what is on its way to a majority. It keeps Raft's promises and
 * none that Raft does not make: an old leader takes entries that nobody will ever see, an entry whose leader is gone may be
 * committed all the same, a follower lags, and every term begins with an entry that holds no commands.
 */
final class RaftModel {
    private final Scheduler scheduler;
    private final @Nullable Bug bug;
    private final List<Entry> committed = new ArrayList<>();
    private final List<Entry> uncommitted = new ArrayList<>();
    private final List<Replica> replicas = new ArrayList<>();
    private @Nullable Replica leader;
    private long term;
    private long nextIndex;
    private long lastReplication;
    private long noMajorityUntil;
    private long commitNanos = 2_000_000;

    /**
     * One entry.
     *
     * @param bytes the batch as it is stored; null: the first entry of a term
     * @param origin what the proposer remembers of it, if it was proposed here
     */
    record Entry(
            long term,
            long index,
            @Nullable ByteString bytes,
            @Nullable Proposal origin) {}

    RaftModel(Scheduler scheduler, @Nullable Bug bug) {
        this.scheduler = scheduler;
        this.bug = bug;
    }

    void add(Replica replica) {
        replicas.add(replica);
    }

    Scheduler scheduler() {
        return scheduler;
    }

    @Nullable Bug bug() {
        return bug;
    }

    @Nullable Replica leader() {
        return leader;
    }

    boolean isLeader(Replica replica, long inTerm) {
        return leader == replica && term == inTerm;
    }

    /** How many entries are committed; a replica has applied so many in the end. */
    int size() {
        return committed.size();
    }

    Entry at(int place) {
        return committed.get(place);
    }

    boolean isQuiet() {
        return uncommitted.isEmpty();
    }

    /** Entries take at most so long to a majority, as a rule. */
    void setCommitNanos(long nanos) {
        commitNanos = nanos;
    }

    /** No entry gets a majority for a time. */
    void stall(long nanos) {
        noMajorityUntil = Math.max(noMajorityUntil, scheduler.now() + nanos);
    }

    /** The leader proposes. */
    void propose(Proposal proposal) {
        replicate(new Entry(term, nextIndex++, proposal.bytes(), proposal));
    }

    private void replicate(Entry entry) {
        uncommitted.add(entry);
        long most = scheduler.oneIn(40) ? 60 * commitNanos : commitNanos;
        lastReplication =
                Math.max(Math.max(lastReplication, noMajorityUntil), scheduler.now() + 100_000 + scheduler.upTo(most));
        long inTerm = term;
        scheduler.at(lastReplication, () -> reachedMajority(entry, inTerm));
    }

    /** Everything before it is committed with it; entries of earlier terms only that way. */
    private void reachedMajority(Entry entry, long inTerm) {
        if (term != inTerm || !uncommitted.contains(entry)) {
            return;
        }
        while (true) {
            Entry first = uncommitted.remove(0);
            committed.add(first);
            scheduler.trace().add(scheduler.now(), "committed", first.term(), first.index());
            if (first.equals(entry)) {
                break;
            }
        }
        replicas.forEach(replica -> replica.learnCommitted(leader == replica));
    }

    /** A new leader in a new term. It has what is committed, and of the rest a part from the front that no one can foresee. */
    void elect(Replica elected) {
        Replica old = leader;
        term += 1 + scheduler.random().nextInt(2);
        leader = elected;
        int kept = scheduler.random().nextInt(uncommitted.size() + 1);
        List<Entry> carried = List.copyOf(uncommitted.subList(0, kept));
        uncommitted.clear();
        uncommitted.addAll(carried);
        nextIndex = carried.isEmpty()
                ? (committed.isEmpty() ? 0 : committed.get(committed.size() - 1).index() + 1)
                : carried.get(kept - 1).index() + 1;
        scheduler.trace().add(scheduler.now(), "leader", elected.number(), term);
        lastReplication = scheduler.now();
        replicas.forEach(replica -> replica.hearOfLeader(elected, term, old == replica && old != elected));
        replicate(new Entry(term, nextIndex++, null, null));
    }

    /** For the bug that acknowledges too early: what is behind these was only the old leader's. */
    void forgetBehind(int entries) {
        if (committed.size() > entries) {
            committed.subList(entries, committed.size()).clear();
            uncommitted.clear();
        }
    }

    /** The leader is gone and no other one elected yet. */
    void deposeIfLeader(Replica gone) {
        if (leader == gone) {
            leader = null;
            term++;
        }
    }

    long term() {
        return term;
    }
}
