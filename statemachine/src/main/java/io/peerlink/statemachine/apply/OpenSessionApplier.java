package io.peerlink.statemachine.apply;

import io.peerlink.log.v1.OpenSession;
import io.peerlink.state.v1.PeerRecord;
import io.peerlink.statemachine.Outcome;
import io.peerlink.statemachine.Rejection;
import io.peerlink.statemachine.state.EntryState;
import io.peerlink.statemachine.state.OpenInbox;
import io.peerlink.statemachine.state.SessionLedger;
import io.peerlink.statemachine.state.Tables;
import io.peerlink.statemachine.store.KeyCodec;

/** Issues an incarnation, or finds the one to go on with. */
final class OpenSessionApplier {
    private final EntryState state;

    OpenSessionApplier(EntryState state) {
        this.state = state;
    }

    Outcome apply(OpenSession command) {
        String name = command.getPeer();
        PeerRecord peer = state.transaction().get(Tables.PEERS, KeyCodec.name(name));
        if (peer == null) {
            return new Outcome.Refused(Rejection.NOT_REGISTERED);
        }
        // A locked peer has no key, which no key fits.
        if (peer.getPublicKey().isEmpty() || !peer.getPublicKey().equals(command.getPublicKey())) {
            return new Outcome.Refused(Rejection.WRONG_KEY);
        }
        SessionLedger ledger;
        if (command.getResumeIncarnation() == 0) {
            long incarnation = peer.getLastIncarnation() + 1;
            state.transaction()
                    .put(
                            Tables.PEERS,
                            KeyCodec.name(name),
                            peer.toBuilder().setLastIncarnation(incarnation).build());
            ledger = state.sessions().create(name, incarnation, state.clockMs());
        } else {
            ledger = state.sessions().find(name, command.getResumeIncarnation());
            if (ledger == null) {
                return new Outcome.Refused(Rejection.UNKNOWN_INCARNATION);
            }
            ledger.reopen(state.clockMs(), state.dueWork());
        }
        ledger.openedWith(peer.getKeyChanges());
        OpenInbox inbox = state.inboxes().of(name);
        return new Outcome.SessionOpened(ledger.incarnation(), ledger.lastSequence(), inbox.confirmed(), inbox.head());
    }
}
