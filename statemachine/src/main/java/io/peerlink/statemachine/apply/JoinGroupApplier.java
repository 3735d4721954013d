package io.peerlink.statemachine.apply;

import io.peerlink.log.v1.JoinGroup;
import io.peerlink.state.v1.GroupRecord;
import io.peerlink.state.v1.Role;
import io.peerlink.statemachine.Outcome.RequestResult;
import io.peerlink.statemachine.Rejection;
import io.peerlink.statemachine.state.EntryState;
import org.jspecify.annotations.Nullable;

/** Makes a peer a member from here on: it is no recipient of what was sent before. */
final class JoinGroupApplier {
    private final EntryState state;

    JoinGroupApplier(EntryState state) {
        this.state = state;
    }

    RequestResult apply(String peer, JoinGroup request) {
        String group = request.getGroup();
        return switch (state.nameKind(group)) {
            case NAME_KIND_UNSPECIFIED, DELETED_GROUP -> new RequestResult.Refused(Rejection.UNKNOWN_NAME);
            case PEER -> new RequestResult.Refused(Rejection.NOT_A_GROUP);
            case GROUP -> {
                boolean invited = state.peers().isInvited(peer, group);
                Rejection refusal = refusal(peer, request, invited);
                if (refusal != null) {
                    yield new RequestResult.Refused(refusal);
                }
                if (invited) {
                    state.peers().uninvite(peer, group);
                    state.groups().countInvited(group, -1);
                }
                long last = state.messages().of(group).lastSequence();
                state.groups().join(group, peer, last, Role.ROLE_MEMBER);
                yield new RequestResult.Done(group, state.clockMs());
            }
            case UNRECOGNIZED -> throw new IllegalStateException("name " + group + " of unknown kind");
        };
    }

    private @Nullable Rejection refusal(String peer, JoinGroup request, boolean invited) {
        String group = request.getGroup();
        if (state.groups().member(group, peer) != null) {
            return Rejection.ALREADY_A_MEMBER;
        }
        if (state.groups().isBanned(group, peer)) {
            return Rejection.BANNED;
        }
        GroupRecord record = state.groups().find(group);
        if (record != null && record.getPrivate() && !invited) {
            return Rejection.NOT_INVITED;
        }
        if (state.groups().hasMembers(group, request.getMembersMax())) {
            return Rejection.GROUP_FULL;
        }
        return state.groups().hasMemberships(peer, request.getMembershipsMax()) ? Rejection.TOO_MANY_GROUPS : null;
    }
}
