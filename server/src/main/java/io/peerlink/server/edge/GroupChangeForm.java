package io.peerlink.server.edge;

import io.peerlink.log.v1.ChangeGroup;
import io.peerlink.log.v1.Request;
import io.peerlink.protocol.v1.GroupRole;
import io.peerlink.server.config.ServerConfig.Limits;
import io.peerlink.state.v1.Role;
import io.peerlink.statemachine.Rejection;
import java.util.Optional;

/** {@link RequestForm} for what owners and admins ask for. Stateless. */
final class GroupChangeForm {
    private GroupChangeForm() {}

    static void write(io.peerlink.protocol.v1.Request request, CommandWriter to, Limits limits) {
        var asked = request.getChangeGroup();
        Optional<String> group = Names.canonical(asked.getGroup());
        // A group is deleted with nobody in particular.
        Optional<String> peer =
                asked.hasDelete() && asked.getPeer().isEmpty() ? Optional.of("") : Names.canonical(asked.getPeer());
        int checksum = RequestForm.checksum(request);
        if (group.isEmpty() || peer.isEmpty()) {
            to.refuse(Rejection.BAD_NAME, checksum);
            return;
        }
        ChangeGroup.Builder change =
                ChangeGroup.newBuilder().setGroup(group.get()).setPeer(peer.get());
        switch (asked.getChangeCase()) {
            case INVITE ->
                change.getInviteBuilder()
                        .setInvitedMax(limits.membersPerGroup())
                        .setInvitationsMax(limits.invitationsPerPeer());
            case REMOVE ->
                change.getRemoveBuilder().setBan(asked.getRemove().getBan()).setBannedMax(limits.membersPerGroup());
            case UNBAN -> change.getUnbanBuilder();
            case SET_ROLE -> {
                Optional<Role> role = role(asked.getSetRole().getRole());
                if (role.isEmpty()) {
                    to.refuse(Rejection.BAD_REQUEST, checksum);
                    return;
                }
                change.getSetRoleBuilder()
                        .setRole(role.get().getNumber())
                        .setHandOver(asked.getSetRole().getHandOver());
            }
            case DELETE -> change.getDeleteBuilder();
            case CHANGE_NOT_SET -> {
                to.refuse(Rejection.BAD_REQUEST, checksum);
                return;
            }
        }
        to.other(Request.newBuilder().setChangeGroup(change), checksum);
    }

    private static Optional<Role> role(GroupRole role) {
        return switch (role) {
            case READER -> Optional.of(Role.ROLE_READER);
            case MEMBER -> Optional.of(Role.ROLE_MEMBER);
            case ADMIN -> Optional.of(Role.ROLE_ADMIN);
            case OWNER -> Optional.of(Role.ROLE_OWNER);
            case GROUP_ROLE_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
        };
    }
}
