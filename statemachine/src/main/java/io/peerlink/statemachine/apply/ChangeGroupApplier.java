package io.peerlink.statemachine.apply;

import io.peerlink.log.v1.ChangeGroup;
import io.peerlink.state.v1.GroupRecord;
import io.peerlink.state.v1.MemberRecord;
import io.peerlink.state.v1.NameKind;
import io.peerlink.state.v1.PeerRecord;
import io.peerlink.state.v1.Role;
import io.peerlink.statemachine.Outcome.RequestResult;
import io.peerlink.statemachine.Rejection;
import io.peerlink.statemachine.state.EntryState;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What owners and admins do to a group: invite, remove, ban, give roles, delete it. An admin has no power over admins and owners.
 * What is so already may be asked for again.
 */
final class ChangeGroupApplier {
    /** So many at least it takes to fill a peer's list of invitations. */
    private static final int INVITERS = 10;

    private final EntryState state;
    private final LeaveGroupApplier leaving;

    ChangeGroupApplier(EntryState state, LeaveGroupApplier leaving) {
        this.state = state;
        this.leaving = leaving;
    }

    RequestResult apply(String caller, ChangeGroup request) {
        String group = request.getGroup();
        Rejection refusal = switch (state.nameKind(group)) {
            case NAME_KIND_UNSPECIFIED, DELETED_GROUP -> Rejection.UNKNOWN_NAME;
            case PEER -> Rejection.NOT_A_GROUP;
            case GROUP -> {
                MemberRecord member = state.groups().member(group, caller);
                if (member == null) {
                    yield Rejection.NOT_A_MEMBER;
                }
                yield rank(member) < rank(Role.ROLE_ADMIN) ? Rejection.ROLE_TOO_LOW : change(caller, member, request);
            }
            case UNRECOGNIZED -> throw new IllegalStateException("name " + group + " of unknown kind");
        };
        return refusal == null ? new RequestResult.Done(group, state.clockMs()) : new RequestResult.Refused(refusal);
    }

    private @Nullable Rejection change(String caller, MemberRecord as, ChangeGroup request) {
        return switch (request.getChangeCase()) {
            case INVITE -> invite(caller, request);
            case REMOVE -> remove(caller, as, request);
            case UNBAN -> {
                if (state.groups().isBanned(request.getGroup(), request.getPeer())) {
                    state.groups().unban(request.getGroup(), request.getPeer());
                }
                yield null;
            }
            case SET_ROLE -> setRole(caller, as, request);
            case DELETE -> delete(as, request.getGroup());
            case CHANGE_NOT_SET -> Rejection.BAD_REQUEST;
        };
    }

    private @Nullable Rejection invite(String caller, ChangeGroup request) {
        String group = request.getGroup();
        String peer = request.getPeer();
        ChangeGroup.Invite limits = request.getInvite();
        PeerRecord invitee = state.peers().find(peer);
        if (invitee == null) {
            return state.nameKind(peer) == NameKind.NAME_KIND_UNSPECIFIED
                    ? Rejection.UNKNOWN_NAME
                    : Rejection.NOT_A_PEER;
        }
        if (state.groups().isBanned(group, peer)) {
            return Rejection.BANNED;
        }
        if (state.peers().isBlocked(peer, caller)) {
            return Rejection.UNKNOWN_NAME;
        }
        if (state.groups().member(group, peer) != null) {
            return state.entry().isOf(5) ? Rejection.ALREADY_A_MEMBER : null;
        }
        if (state.peers().isInvited(peer, group)) {
            return null;
        }
        GroupRecord record = state.groups().find(group);
        if ((record != null && reaches(record.getInvited(), limits.getInvitedMax()))
                || hasNoRoom(invitee, peer, caller, limits.getInvitationsMax())) {
            return Rejection.TOO_MANY_INVITED;
        }
        state.peers().invite(peer, group, caller);
        state.groups().countInvited(group, 1);
        return null;
    }

    /** Whether as many invitations wait for a peer as may, or as many by this inviter. Those to groups that are gone make room. */
    private boolean hasNoRoom(PeerRecord invitee, String peer, String inviter, int max) {
        if (!state.entry().isOf(5) || max == 0) {
            return reaches(invitee.getInvitations(), max);
        }
        // Else one could fill another's list.
        int share = Math.max(1, Integer.divideUnsigned(max, INVITERS));
        int byInviter = state.peers().invitationsBy(peer, inviter).size();
        if (!reaches(invitee.getInvitations(), max) && byInviter < share) {
            return false;
        }
        int gone = 0;
        int goneByInviter = 0;
        for (Map.Entry<String, String> waiting : state.peers().invitations(peer).entrySet()) {
            if (state.nameKind(waiting.getKey()) == NameKind.DELETED_GROUP) {
                leaving.decline(peer, waiting.getKey());
                gone++;
                goneByInviter += waiting.getValue().equals(inviter) ? 1 : 0;
            }
        }
        return reaches(invitee.getInvitations() - gone, max) || byInviter - goneByInviter >= share;
    }

    private @Nullable Rejection remove(String caller, MemberRecord as, ChangeGroup request) {
        String group = request.getGroup();
        String peer = request.getPeer();
        boolean ban = request.getRemove().getBan();
        MemberRecord member = state.groups().member(group, peer);
        if (peer.equals(caller)) {
            // Leaving is another request, with rules of its own.
            return state.entry().isOf(5) ? Rejection.NOT_YOURSELF : Rejection.BAD_REQUEST;
        }
        if (member != null && !hasPowerOver(as, member)) {
            return Rejection.ROLE_TOO_LOW;
        }
        boolean invited = state.peers().isInvited(peer, group);
        if (!ban && member == null && !invited) {
            return Rejection.PEER_NOT_A_MEMBER;
        }
        if (ban && !state.groups().isBanned(group, peer)) {
            if (state.peers().find(peer) == null) {
                return Rejection.UNKNOWN_NAME;
            }
            GroupRecord record = state.groups().find(group);
            if (record != null
                    && reaches(record.getBanned(), request.getRemove().getBannedMax())) {
                return Rejection.TOO_MANY_BANNED;
            }
            state.groups().ban(group, peer, caller);
        }
        if (invited) {
            leaving.decline(peer, group);
        }
        if (member != null) {
            leaving.end(group, peer, member);
        }
        return null;
    }

    private @Nullable Rejection setRole(String caller, MemberRecord as, ChangeGroup request) {
        String group = request.getGroup();
        String peer = request.getPeer();
        ChangeGroup.SetRole wanted = request.getSetRole();
        Role role = Role.forNumber(wanted.getRole());
        MemberRecord member = state.groups().member(group, peer);
        if (role == null) {
            return Rejection.BAD_REQUEST;
        }
        if (member == null) {
            return Rejection.PEER_NOT_A_MEMBER;
        }
        boolean owner = as.getRole() == Role.ROLE_OWNER;
        if (!owner && (!hasPowerOver(as, member) || rank(role) >= rank(as) || wanted.getHandOver())) {
            return Rejection.ROLE_TOO_LOW;
        }
        if (wanted.getHandOver() && peer.equals(caller)) {
            return state.entry().isOf(5) ? Rejection.NOT_YOURSELF : Rejection.BAD_REQUEST;
        }
        if (wanted.getHandOver() && role != Role.ROLE_OWNER) {
            return Rejection.BAD_REQUEST;
        }
        if (role != Role.ROLE_OWNER && state.groups().isLastOwner(group, member)) {
            return Rejection.LAST_OWNER;
        }
        state.groups().setRole(group, peer, member, role);
        if (wanted.getHandOver()) {
            state.groups().setRole(group, caller, as, Role.ROLE_ADMIN);
        }
        return null;
    }

    private @Nullable Rejection delete(MemberRecord as, String group) {
        if (as.getRole() != Role.ROLE_OWNER) {
            return Rejection.ROLE_TOO_LOW;
        }
        state.groups().delete(group, state.messages().of(group).lastSequence());
        return null;
    }

    /** Owners have power over all, others over those below them. */
    private static boolean hasPowerOver(MemberRecord as, MemberRecord other) {
        return as.getRole() == Role.ROLE_OWNER || rank(as) > rank(other);
    }

    private static int rank(MemberRecord member) {
        return rank(member.getRole());
    }

    private static int rank(Role role) {
        return switch (role) {
            case ROLE_READER -> 0;
            case ROLE_MEMBER -> 1;
            case ROLE_ADMIN -> 2;
            case ROLE_OWNER -> 3;
            case UNRECOGNIZED -> throw new IllegalStateException("unknown role in the tables");
        };
    }

    /** 0 is no limit. */
    private static boolean reaches(int count, int limit) {
        return limit != 0 && Integer.compareUnsigned(count, limit) >= 0;
    }
}
