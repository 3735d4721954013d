package io.peerlink.statemachine.apply;

import io.peerlink.log.v1.RegisterPeer;
import io.peerlink.state.v1.PeerRecord;
import io.peerlink.statemachine.Outcome;
import io.peerlink.statemachine.Rejection;
import io.peerlink.statemachine.state.EntryState;
import org.jspecify.annotations.Nullable;

/** Gives a free name to a key, or a locked one to who holds the code for it; the same key again changes nothing. */
final class RegisterPeerApplier {
    private final EntryState state;

    RegisterPeerApplier(EntryState state) {
        this.state = state;
    }

    Outcome apply(RegisterPeer command) {
        String name = command.getName();
        return switch (state.nameKind(name)) {
            case NAME_KIND_UNSPECIFIED -> {
                if (!Names.isStorable(name)) {
                    yield new Outcome.Refused(Rejection.BAD_NAME);
                }
                Rejection refusal = refusal(command);
                if (refusal != null) {
                    yield new Outcome.Refused(refusal);
                }
                state.peers().add(name, command.getPublicKey());
                yield new Outcome.Registered(true);
            }
            case PEER -> again(command);
            case GROUP, DELETED_GROUP -> new Outcome.Refused(Rejection.NAME_TAKEN);
            case UNRECOGNIZED -> throw new IllegalStateException("name " + name + " of unknown kind");
        };
    }

    private @Nullable Rejection refusal(RegisterPeer command) {
        return switch (command.getAdmission()) {
            case ADMISSION_OPEN -> null;
            case ADMISSION_INVITED -> {
                if (command.getInvite().isEmpty()) {
                    yield Rejection.INVITE_NEEDED;
                }
                yield state.invites().use(command.getInvite(), command.getName(), false)
                        ? null
                        : Rejection.INVITE_INVALID;
            }
            case ADMISSION_NOBODY -> Rejection.REGISTRATION_CLOSED;
            case UNRECOGNIZED -> throw new IllegalStateException("unknown rule for who may register");
        };
    }

    private Outcome again(RegisterPeer command) {
        PeerRecord peer = state.peers().find(command.getName());
        if (peer != null && peer.getPublicKey().equals(command.getPublicKey())) {
            return new Outcome.Registered(false);
        }
        if (peer == null
                || !peer.getPublicKey().isEmpty()
                || command.getInvite().isEmpty()) {
            return new Outcome.Refused(Rejection.NAME_TAKEN);
        }
        // Locked: only by the code that was made then.
        if (!peer.getUnlock().equals(command.getInvite())
                || !state.invites().use(command.getInvite(), command.getName(), true)) {
            return new Outcome.Refused(Rejection.INVITE_INVALID);
        }
        state.peers().setKey(command.getName(), command.getPublicKey());
        return new Outcome.Registered(false);
    }
}
