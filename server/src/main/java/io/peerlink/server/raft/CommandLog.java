package io.peerlink.server.raft;

import io.peerlink.log.v1.Batch;
import io.peerlink.statemachine.ApplyResult;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The replicated log as its writer sees it. One thread appends; entries are ordered as appended. */
public interface CommandLog {
    /**
     * Proposes one entry. Returns once the entry has its place in this router's log or was refused; blocks while Ratis' own
     * write queue is full.
     *
     * @return completes on the apply thread or a Ratis thread, never exceptionally: hand off before doing any work
     */
    CompletableFuture<AppendResult> append(Batch batch);

    /** What became of an entry. */
    sealed interface AppendResult {
        /** On the disks of a majority and applied here. */
        record Applied(ApplyResult result) implements AppendResult {}

        /**
         * This router cannot tell: the entry may still be applied under another leader, or never. Repeating it is safe only
         * for commands that the state machine dedups.
         *
         * @param leaderAddress where the leader listens for clients, if known
         */
        record Unknown(String reason, Optional<String> leaderAddress) implements AppendResult {}
    }
}
