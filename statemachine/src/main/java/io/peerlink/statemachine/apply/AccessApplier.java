package io.peerlink.statemachine.apply;

import com.google.protobuf.ByteString;
import io.peerlink.log.v1.CreateInvite;
import io.peerlink.log.v1.LockPeer;
import io.peerlink.log.v1.RevokeInvite;
import io.peerlink.log.v1.RotateKey;
import io.peerlink.state.v1.InviteRecord;
import io.peerlink.state.v1.NameKind;
import io.peerlink.state.v1.PeerRecord;
import io.peerlink.statemachine.Outcome;
import io.peerlink.statemachine.Rejection;
import io.peerlink.statemachine.state.EntryState;
import io.peerlink.statemachine.state.Invites;
import io.peerlink.statemachine.state.SessionLedger;

/** Who may act as whom: keys that change, and codes with which one may register. */
final class AccessApplier {
    private final EntryState state;

    AccessApplier(EntryState state) {
        this.state = state;
    }

    /** A compare-and-set; once done it may be repeated. */
    Outcome rotate(RotateKey command) {
        PeerRecord peer = state.peers().find(command.getPeer());
        if (peer == null) {
            return new Outcome.Refused(Rejection.NOT_REGISTERED);
        }
        if (!peer.getPublicKey().isEmpty() && peer.getPublicKey().equals(command.getNewPublicKey())) {
            return changed();
        }
        // A locked peer has no key, which no key fits.
        if (peer.getPublicKey().isEmpty() || !peer.getPublicKey().equals(command.getOldPublicKey())) {
            return new Outcome.Refused(Rejection.WRONG_KEY);
        }
        int changes = state.peers().setKey(command.getPeer(), command.getNewPublicKey());
        SessionLedger asking = state.sessions().find(command.getPeer(), command.getIncarnation());
        if (asking != null) {
            asking.openedWith(changes);
        }
        return changed();
    }

    Outcome invite(CreateInvite command) {
        String name = command.getName();
        if (!name.isEmpty() && !Names.isStorable(name)) {
            return new Outcome.Refused(Rejection.BAD_NAME);
        }
        if (!name.isEmpty() && state.nameKind(name) != NameKind.NAME_KIND_UNSPECIFIED) {
            return new Outcome.Refused(Rejection.NAME_TAKEN);
        }
        return add(
                command.getInvite(),
                InviteRecord.newBuilder()
                        .setName(name)
                        .setExpiresAtMs(state.clockMs() + command.getTtlMs())
                        .setOperator(command.getOperator()));
    }

    Outcome revoke(RevokeInvite command) {
        return state.invites().remove(command.getInvite()) ? changed() : new Outcome.Refused(Rejection.INVITE_INVALID);
    }

    /** The key goes at once, since it may be a thief's by now. */
    Outcome lock(LockPeer command) {
        if (state.peers().find(command.getPeer()) == null) {
            return new Outcome.Refused(Rejection.UNKNOWN_NAME);
        }
        if (command.getInvite().size() != Invites.HASH_BYTES) {
            return new Outcome.Refused(Rejection.INVITE_INVALID);
        }
        state.invites().remove(state.peers().lock(command.getPeer(), command.getInvite()));
        return add(
                command.getInvite(),
                InviteRecord.newBuilder()
                        .setName(command.getPeer())
                        .setExpiresAtMs(state.clockMs() + command.getTtlMs())
                        .setOperator(command.getOperator())
                        .setUnlocks(true));
    }

    private Outcome add(ByteString hash, InviteRecord.Builder invite) {
        if (hash.size() != Invites.HASH_BYTES) {
            return new Outcome.Refused(Rejection.INVITE_INVALID);
        }
        state.invites().add(hash, invite.build());
        return changed();
    }

    private Outcome changed() {
        return new Outcome.AccessChanged(state.clockMs());
    }
}
