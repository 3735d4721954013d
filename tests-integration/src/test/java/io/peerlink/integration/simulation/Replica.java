package io.peerlink.integration.simulation;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.peerlink.integration.simulation.RaftModel.Entry;
import io.peerlink.log.v1.Batch;
import io.peerlink.server.raft.CommandLog;
import io.peerlink.server.raft.LinearizableReads;
import io.peerlink.server.raft.LogUnavailableException;
import io.peerlink.server.raft.NotLeaderException;
import io.peerlink.server.raft.RaftListener;
import io.peerlink.statemachine.ApplyResult;
import io.peerlink.statemachine.LogPosition;
import io.peerlink.statemachine.StateMachine;
import io.peerlink.statemachine.StateView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One router's share in the log: what it has applied, and what it believes about who leads. */
final class Replica implements CommandLog, LinearizableReads {
    private static final long BELATED_NANOS = 3_000_000_000L;
    private static final long LAG_NANOS = 4_000_000;

    private final RaftModel raft;
    private final int number;
    private final String address;
    private StateMachine machine;
    private VirtualProcess process;
    private RaftListener listener = new Nobody();
    private final List<Proposal> inFlight = new ArrayList<>();
    private final List<PendingRead> reads = new ArrayList<>();
    private int applied;
    private int known;
    private boolean applying;
    private long leadsTerm;
    private long readyTerm;
    private long heardTerm;
    private @Nullable String leaderAddress;

    private record PendingRead(int entries, CompletableFuture<Void> done) {}

    /** Before the router is put together. */
    private static final class Nobody implements RaftListener {
        @Override
        public void onApplied(List<io.peerlink.statemachine.Effect> effects) {}

        @Override
        public void onLeaderReady() {}

        @Override
        public void onLeaderKnown() {}

        @Override
        public void onNotLeader() {}
    }

    Replica(RaftModel raft, int number, String address, VirtualProcess process, StateMachine machine) {
        this.raft = raft;
        this.number = number;
        this.address = address;
        this.process = process;
        this.machine = machine;
    }

    int number() {
        return number;
    }

    String address() {
        return address;
    }

    VirtualProcess process() {
        return process;
    }

    StateMachine machine() {
        return machine;
    }

    int appliedEntries() {
        return applied;
    }

    private Scheduler scheduler() {
        return raft.scheduler();
    }

    void listen(RaftListener router) {
        listener = router;
    }

    /** The process is new and so is its state, which holds so many entries; the rest is applied again. */
    void restart(VirtualProcess fresh, StateMachine restored, int entries) {
        process = fresh;
        machine = restored;
        inFlight.clear();
        reads.clear();
        applied = entries;
        known = entries;
        applying = false;
        leadsTerm = 0;
        readyTerm = 0;
        leaderAddress = null;
        learnCommitted(false);
    }

    /** This router leads and may serve. */
    OptionalLong servingTerm() {
        return leadsTerm > 0 && readyTerm == leadsTerm ? OptionalLong.of(leadsTerm) : OptionalLong.empty();
    }

    Optional<String> otherLeaderAddress() {
        return Optional.ofNullable(leaderAddress).filter(known -> !known.equals(address));
    }

    void hearOfLeader(Replica elected, long term, boolean deposed) {
        long late = deposed
                ? scheduler().upTo(BELATED_NANOS)
                : elected == this ? 0 : scheduler().upTo(LAG_NANOS);
        process.after(late, () -> {
            if (term <= heardTerm) {
                return;
            }
            heardTerm = term;
            leaderAddress = elected.address;
            process.after(scheduler().upTo(LAG_NANOS), listener::onLeaderKnown);
            if (leadsTerm > 0) {
                stepDown();
            }
            if (elected == this) {
                leadsTerm = term;
                checkReady();
            }
        });
    }

    private void stepDown() {
        leadsTerm = 0;
        readyTerm = 0;
        Optional<String> other = otherLeaderAddress();
        // Ratis tells the router and fails the requests from different threads.
        process.after(scheduler().upTo(LAG_NANOS), listener::onNotLeader);
        for (Proposal proposal : List.copyOf(inFlight)) {
            process.after(
                    scheduler().upTo(LAG_NANOS),
                    () -> finish(proposal, new AppendResult.Unknown("not the leader", other)));
        }
        for (PendingRead read : List.copyOf(reads)) {
            read.done().completeExceptionally(new NotLeaderException(other));
        }
        reads.clear();
    }

    @Override
    public CompletableFuture<AppendResult> append(Batch batch) {
        Proposal proposal = new Proposal(batch, process);
        scheduler()
                .trace()
                .add(
                        scheduler().now(),
                        "n" + number + " proposes",
                        batch.getCommandsCount(),
                        proposal.bytes().size());
        if (leadsTerm == 0) {
            proposal.finish(new AppendResult.Unknown("not the leader", otherLeaderAddress()));
            return proposal.result();
        }
        inFlight.add(proposal);
        if (raft.isLeader(this, leadsTerm)) {
            raft.propose(proposal);
        }
        return proposal.result();
    }

    private void finish(Proposal proposal, AppendResult how) {
        inFlight.remove(proposal);
        proposal.finish(how);
    }

    void learnCommitted(boolean isLeader) {
        int size = raft.size();
        long late = isLeader
                ? 0
                : scheduler().oneIn(30)
                        ? scheduler().upTo(BELATED_NANOS)
                        : scheduler().upTo(LAG_NANOS);
        process.after(late, () -> {
            known = Math.max(known, Math.min(size, raft.size()));
            applySoon();
        });
    }

    private void applySoon() {
        if (!applying && applied < known) {
            applying = true;
            process.after(20_000 + scheduler().upTo(200_000), this::applyNext);
        }
    }

    private void applyNext() {
        applying = false;
        if (applied < known) {
            Entry entry = raft.at(applied);
            applied++;
            apply(entry);
            checkReady();
            reads.removeIf(read -> read.entries() <= applied && read.done().complete(null));
            applySoon();
        }
    }

    private void apply(Entry entry) {
        ByteString bytes = entry.bytes();
        if (bytes == null || (raft.bug() == Bug.FOLLOWER_SKIPS_AN_ENTRY && number == 1 && applied == 20)) {
            return;
        }
        scheduler().trace().add(scheduler().now(), "n" + number + " applies", entry.term(), entry.index());
        Proposal own = entry.origin() != null && entry.origin().proposer() == process ? entry.origin() : null;
        ApplyResult result = machine.apply(
                new LogPosition(entry.term(), entry.index()), seenThroughBug(own != null ? own.batch() : parse(bytes)));
        if (raft.bug() != Bug.EFFECTS_FORGOTTEN || !scheduler().oneIn(3)) {
            listener.onApplied(result.effects());
        }
        if (own != null) {
            finish(own, new AppendResult.Applied(result));
        }
    }

    private Batch seenThroughBug(Batch batch) {
        return raft.bug() == Bug.OWN_CLOCK_IN_APPLY && number == 1
                ? batch.toBuilder().setTimeMs(batch.getTimeMs() + 1).build()
                : batch;
    }

    private static Batch parse(ByteString bytes) {
        try {
            return Batch.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A leader serves once it has applied the first entry of its own term. */
    private void checkReady() {
        if (leadsTerm > 0
                && readyTerm != leadsTerm
                && applied > 0
                && raft.at(applied - 1).term() >= leadsTerm) {
            readyTerm = leadsTerm;
            listener.onLeaderReady();
        }
    }

    @Override
    public CompletableFuture<Void> awaitReadIndex() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        long term = leadsTerm;
        if (term == 0) {
            done.completeExceptionally(new NotLeaderException(otherLeaderAddress()));
        } else if (readyTerm != term) {
            done.completeExceptionally(new LogUnavailableException("not ready"));
        } else {
            int entries = raft.size();
            process.after(100_000 + scheduler().upTo(LAG_NANOS), () -> prove(term, new PendingRead(entries, done)));
        }
        return done;
    }

    /** The majority's word that this router leads still, and the wait until it has applied what was committed at the question. */
    private void prove(long term, PendingRead read) {
        if (leadsTerm != term) {
            read.done().completeExceptionally(new NotLeaderException(otherLeaderAddress()));
        } else if (raft.isLeader(this, term) && applied >= read.entries()) {
            read.done().complete(null);
        } else {
            // Without a majority it waits until it has to step down.
            reads.add(raft.isLeader(this, term) ? read : new PendingRead(Integer.MAX_VALUE, read.done()));
        }
    }

    @Override
    public <T> T read(Function<StateView, T> query) {
        return query.apply(machine.view());
    }
}
