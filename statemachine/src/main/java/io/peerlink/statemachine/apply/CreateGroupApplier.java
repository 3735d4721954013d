package io.peerlink.statemachine.apply;

import io.peerlink.log.v1.CreateGroup;
import io.peerlink.state.v1.Role;
import io.peerlink.statemachine.Outcome.RequestResult;
import io.peerlink.statemachine.Rejection;
import io.peerlink.statemachine.state.EntryState;

/** Takes a free name for a group; its creator owns it and is the first member. */
final class CreateGroupApplier {
    private final EntryState state;

    CreateGroupApplier(EntryState state) {
        this.state = state;
    }

    RequestResult apply(String peer, CreateGroup request) {
        String group = request.getGroup();
        return switch (state.nameKind(group)) {
            case PEER, DELETED_GROUP -> new RequestResult.Refused(Rejection.NAME_TAKEN);
            case GROUP -> new RequestResult.Refused(Rejection.GROUP_EXISTS);
            case NAME_KIND_UNSPECIFIED -> {
                if (!Names.isStorable(group)) {
                    yield new RequestResult.Refused(Rejection.BAD_NAME);
                }
                if (state.groups().hasMemberships(peer, request.getMembershipsMax())) {
                    yield new RequestResult.Refused(Rejection.TOO_MANY_GROUPS);
                }
                // Before there were roles a creator could leave like anybody.
                Role role = state.entry().isOf(4) ? Role.ROLE_OWNER : Role.ROLE_MEMBER;
                state.groups().create(group, peer, role, request.getPrivate());
                yield new RequestResult.Done(group, state.clockMs());
            }
            case UNRECOGNIZED -> throw new IllegalStateException("name " + group + " of unknown kind");
        };
    }
}
