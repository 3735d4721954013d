package io.peerlink.statemachine.apply;

import io.peerlink.log.v1.Tick;
import io.peerlink.statemachine.Outcome;
import io.peerlink.statemachine.state.Due;
import io.peerlink.statemachine.state.EntryState;
import java.util.function.Consumer;

/** Does what has become due, up to the tick's bound on rows; the rest is left for the next tick. */
final class TickApplier {
    private final EntryState state;
    private final MessageExpiry expiry;
    private final HistoryTrimming trimming;

    TickApplier(EntryState state) {
        this.state = state;
        this.expiry = new MessageExpiry(state);
        this.trimming = new HistoryTrimming(state);
    }

    Outcome apply(Tick command) {
        state.messages().seal();
        RowBudget budget = new RowBudget(Math.max(1, Integer.toUnsignedLong(command.getRowsMax())));
        work(Due.Type.EXPIRY, state.clockMs(), budget, due -> expiry.expire(due, budget));
        long retainedMs = state.clockMs() - Math.max(0, command.getHistoryRetentionMs());
        work(Due.Type.RETENTION, retainedMs, budget, due -> trimming.trim(due, retainedMs, budget));
        long rememberedMs = state.clockMs() - Math.max(0, command.getIncarnationRetentionMs());
        work(Due.Type.INCARNATION, rememberedMs, budget, due -> state.sessions().forget(due.name(), due.number()));
        return new Outcome.Ticked(budget.isOverdrawn());
    }

    private void work(Due.Type type, long upToMs, RowBudget budget, Consumer<Due> work) {
        Due due = state.dueWork().next(type, upToMs);
        while (due != null && budget.take()) {
            state.dueWork().delete(due);
            work.accept(due);
            due = state.dueWork().next(type, upToMs);
        }
    }
}
