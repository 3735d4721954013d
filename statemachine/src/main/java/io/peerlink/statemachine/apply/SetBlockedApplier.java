package io.peerlink.statemachine.apply;

import io.peerlink.log.v1.SetBlocked;
import io.peerlink.state.v1.PeerRecord;
import io.peerlink.statemachine.Outcome.RequestResult;
import io.peerlink.statemachine.Rejection;
import io.peerlink.statemachine.state.EntryState;

/**
 * Puts a peer on the caller's block list, or takes it off; what is so already may be asked for again. A blocked peer's
 * invitations go.
 */
final class SetBlockedApplier {
    private final EntryState state;

    SetBlockedApplier(EntryState state) {
        this.state = state;
    }

    RequestResult apply(String peer, SetBlocked request) {
        String other = request.getPeer();
        PeerRecord caller = state.peers().find(peer);
        if (caller == null) {
            return new RequestResult.Refused(Rejection.NOT_REGISTERED);
        }
        // Nobody who is blocked can be told from nobody who is there, so names that are free may be blocked too.
        if (other.equals(peer)) {
            return new RequestResult.Refused(state.entry().isOf(5) ? Rejection.NOT_YOURSELF : Rejection.BAD_REQUEST);
        }
        if (!Names.isStorable(other)) {
            return new RequestResult.Refused(Rejection.BAD_NAME);
        }
        boolean fresh = request.getBlocked() && !state.peers().isBlocked(peer, other);
        if (fresh
                && request.getBlockedMax() != 0
                && Integer.compareUnsigned(caller.getBlocked(), request.getBlockedMax()) >= 0) {
            return new RequestResult.Refused(Rejection.TOO_MANY_BLOCKED);
        }
        if (fresh) {
            // Else one could fill another's list for good.
            for (String group : state.peers().invitationsBy(peer, other)) {
                state.peers().uninvite(peer, group);
                state.groups().countInvited(group, -1);
            }
        }
        state.peers().setBlocked(peer, other, request.getBlocked());
        return new RequestResult.Done(other, state.clockMs());
    }
}
