package io.peerlink.statemachine.apply;

import io.peerlink.log.v1.JoinGroup;
import io.peerlink.statemachine.Outcome.RequestResult;
import io.peerlink.statemachine.Rejection;
import io.peerlink.statemachine.state.EntryState;

/** Makes a peer a member from here on: it is no recipient of what was sent before. */
final class JoinGroupApplier {
    private final EntryState state;

    JoinGroupApplier(EntryState state) {
        this.state = state;
    }

    RequestResult apply(String peer, JoinGroup request) {
        String group = request.getGroup();
        return switch (state.nameKind(group)) {
            case NAME_KIND_UNSPECIFIED -> new RequestResult.Refused(Rejection.UNKNOWN_NAME);
            case PEER -> new RequestResult.Refused(Rejection.NOT_A_GROUP);
            case GROUP -> {
                if (state.groups().member(group, peer) != null) {
                    yield new RequestResult.Refused(Rejection.ALREADY_A_MEMBER);
                }
                if (state.groups().hasMembers(group, request.getMembersMax())) {
                    yield new RequestResult.Refused(Rejection.GROUP_FULL);
                }
                if (state.groups().hasMemberships(peer, request.getMembershipsMax())) {
                    yield new RequestResult.Refused(Rejection.TOO_MANY_GROUPS);
                }
                long last = state.messages().of(group).lastSequence();
                state.groups().join(group, peer, last, state.clockMs());
                yield new RequestResult.Done(group, state.clockMs());
            }
            case UNRECOGNIZED -> throw new IllegalStateException("name " + group + " of unknown kind");
        };
    }
}
