package io.peerlink.server.submit;

import io.peerlink.statemachine.Outcome;
import java.util.Optional;

/** Hears what became of one command, exactly once, on the replies thread: must not block. */
public interface OutcomeListener {
    /** The command is on the disks of a majority and applied. */
    void onOutcome(Outcome outcome);

    /**
     * This router cannot tell whether the command will be applied.
     *
     * @param leaderAddress where the leader listens for clients, if known
     */
    void onUnknown(String reason, Optional<String> leaderAddress);
}
