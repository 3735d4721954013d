package io.peerlink.statemachine.apply;

import io.peerlink.log.v1.CompareState;
import io.peerlink.statemachine.Outcome;
import io.peerlink.statemachine.state.EntryState;

/** Puts the leader's running hash beside this router's. Changes no table. */
final class CompareStateApplier {
    private final EntryState state;

    CompareStateApplier(EntryState state) {
        this.state = state;
    }

    Outcome apply(CompareState command) {
        state.hashes().compare(command.getIndex(), command.getChain());
        return new Outcome.Compared();
    }
}
