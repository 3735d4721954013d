package io.peerlink.server.edge;

import io.peerlink.log.v1.Command;
import io.peerlink.protocol.v1.ErrorCode;
import io.peerlink.server.submit.CommandBatcher;
import io.peerlink.server.submit.OutcomeListener;
import io.peerlink.statemachine.Outcome;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A command of a unary call, on its way to its outcome. */
final class SubmittedChange implements OutcomeListener {
    private final CompletableFuture<Outcome> done = new CompletableFuture<>();

    private SubmittedChange() {}

    /**
     * Puts the command into the log. The future completes on the replies thread, and fails as the call should.
     *
     * @param source as for {@link CommandBatcher#submit}
     */
    static CompletableFuture<Outcome> submit(CommandBatcher batcher, String source, Command command) {
        SubmittedChange change = new SubmittedChange();
        batcher.submit(source, command, change);
        return change.done;
    }

    @Override
    public void onOutcome(Outcome outcome) {
        if (outcome instanceof Outcome.Refused refused) {
            done.completeExceptionally(ErrorMapper.exception(ErrorMapper.error(refused.rejection())));
        } else {
            done.complete(outcome);
        }
    }

    @Override
    public void onUnknown(String reason, Optional<String> leaderAddress) {
        done.completeExceptionally(ErrorMapper.exception(
                ErrorMapper.error(ErrorCode.OUTCOME_UNKNOWN, reason, "it may be asked for again")));
    }
}
