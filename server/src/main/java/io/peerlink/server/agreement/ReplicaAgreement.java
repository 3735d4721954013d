package io.peerlink.server.agreement;

import com.google.protobuf.ByteString;
import io.peerlink.log.v1.Command;
import io.peerlink.log.v1.CompareState;
import io.peerlink.server.raft.FatalFault;
import io.peerlink.server.raft.RouterStatus;
import io.peerlink.server.raft.RouterStatus.Member;
import io.peerlink.server.submit.CommandBatcher;
import io.peerlink.server.submit.OutcomeListener;
import io.peerlink.statemachine.Effect.StateCompared;
import io.peerlink.statemachine.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices a router whose state is not the others'. Every few seconds the leader puts its running hash of an entry into the
 * log; each router compares its own of the same entry. One that differs asks the others, and so does the leader each time,
 * as it may be the odd one itself. Whose state no majority can share stops and says so; a wrong leader stops nobody else.
 *
 * <p>Everything but {@link #onCompared} and {@link #setLeading} runs on a thread of its own.
 */
public final class ReplicaAgreement implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(ReplicaAgreement.class);
    private static final long PERIOD_MS = 5_000;
    private static final long ANSWER_MS = 3_000;

    private final Sources sources;
    private final CommandBatcher batcher;
    private final OtherRouters others;
    private final AtomicBoolean leading = new AtomicBoolean();
    private final AtomicBoolean underWay = new AtomicBoolean();
    /** Whether the last comparison was lost. Own thread only. */
    private boolean suspected;

    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "agreement"));

    /**
     * What is known of this router.
     *
     * @param hash its running hash after an entry, if remembered
     */
    public record Sources(String routerId, Supplier<RouterStatus> status, LongFunction<Optional<ByteString>> hash) {}

    /** Begins; compares nothing until this router leads or another leader does. */
    public ReplicaAgreement(Sources sources, CommandBatcher batcher, OtherRouters others) {
        this.sources = sources;
        this.batcher = batcher;
        this.others = others;
        thread.scheduleWithFixedDelay(this::propose, PERIOD_MS, PERIOD_MS, TimeUnit.MILLISECONDS);
    }

    /** Only the leader proposes comparisons. Any thread. */
    public void setLeading(boolean leads) {
        leading.set(leads);
    }

    private void propose() {
        try {
            if (leading.get() && underWay.compareAndSet(false, true)) {
                long index = sources.status.get().appliedIndex();
                Optional<ByteString> hash = sources.hash.apply(index);
                if (hash.isPresent()) {
                    batcher.submit(CommandBatcher.ROUTER, comparison(index, hash.get()), new Compared());
                } else {
                    // An entry of Ratis' own; the next one will do.
                    underWay.set(false);
                }
            }
        } catch (RuntimeException e) {
            underWay.set(false);
            LOGGER.debug("no comparison now", e);
        }
    }

    private static Command comparison(long index, ByteString hash) {
        return Command.newBuilder()
                .setCompareState(CompareState.newBuilder().setIndex(index).setChain(hash))
                .build();
    }

    private final class Compared implements OutcomeListener {
        @Override
        public void onOutcome(Outcome outcome) {
            underWay.set(false);
        }

        @Override
        public void onUnknown(String reason, Optional<String> leaderAddress) {
            underWay.set(false);
        }
    }

    /** The leader's hash arrived. Apply thread: only hands it on, and only what may need a vote. */
    public void onCompared(StateCompared compared) {
        boolean differs = compared.own().isPresent() && !compared.own().get().equals(compared.leader());
        if (differs || leading.get()) {
            try {
                thread.execute(() -> vote(compared));
            } catch (RejectedExecutionException e) {
                LOGGER.debug("closed");
            }
        }
    }

    private void vote(StateCompared compared) {
        ByteString own = compared.own().orElse(null);
        if (own == null) {
            return;
        }
        List<Member> members = sources.status.get().members();
        List<CompletableFuture<Optional<ByteString>>> questions = members.stream()
                .filter(member -> !member.id().equals(sources.routerId))
                .map(member -> others.stateHash(member, compared.index())
                        .completeOnTimeout(Optional.empty(), ANSWER_MS, TimeUnit.MILLISECONDS)
                        .exceptionally(unreachable -> Optional.empty()))
                .toList();
        List<ByteString> answers = new ArrayList<>();
        questions.forEach(question -> question.join().ifPresent(answers::add));
        Verdict verdict = Verdict.of(own, answers, members.size());
        switch (verdict) {
            case AGREED -> LOGGER.debug("entry {}: {} routers agree", compared.index(), 1 + answers.size());
            case OTHER_DIVERGED ->
                LOGGER.error("entry {}: another router's state differs from the majority's", compared.index());
            case UNDECIDED -> LOGGER.error("entry {}: states differ and no majority is known", compared.index());
            case SELF_DIVERGED -> suspect(compared, answers);
        }
        suspected = verdict == Verdict.SELF_DIVERGED;
    }

    /** Once may be a change of members in between; a state that differs goes on differing. */
    private void suspect(StateCompared compared, List<ByteString> answers) {
        if (!suspected) {
            LOGGER.error("entry {}: the state here is not that of any majority; compared once more", compared.index());
            return;
        }
        FatalFault.DIVERGED.halt(
                "after entry " + compared.index()
                        + " the state here is not that of any majority. Move the data directory"
                        + " away, keep it for the bug report, and replace this router (peerlink cluster replace)",
                new IllegalStateException("own hash " + compared.own() + ", others " + answers));
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
