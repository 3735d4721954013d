package io.peerlink.statemachine.apply;

import io.peerlink.log.v1.CloseSession;
import io.peerlink.statemachine.Outcome;
import io.peerlink.statemachine.state.EntryState;

/** Forgets an incarnation; an unknown one is forgotten already. */
final class CloseSessionApplier {
    private final EntryState state;

    CloseSessionApplier(EntryState state) {
        this.state = state;
    }

    Outcome apply(CloseSession command) {
        state.sessions().forget(command.getPeer(), command.getIncarnation());
        return new Outcome.SessionClosed();
    }
}
