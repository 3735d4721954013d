package io.peerlink.statemachine;

import io.peerlink.log.v1.ChangeGroup;
import io.peerlink.log.v1.CreateGroup;
import io.peerlink.state.v1.Role;
import io.peerlink.statemachine.StateView.RecipientState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The part of the model that says who is in a group, as what. Results are a subject or a rejection. */
final class ModelGroups {
    /** From the least to the most. */
    static final List<Role> RANKS = List.of(Role.ROLE_READER, Role.ROLE_MEMBER, Role.ROLE_ADMIN, Role.ROLE_OWNER);

    private final Model model;

    ModelGroups(Model model) {
        this.model = model;
    }

    Object create(String peer, CreateGroup request) {
        String name = request.getGroup();
        if (model.peers.containsKey(name)) {
            return Rejection.NAME_TAKEN;
        }
        if (model.groups.containsKey(name)) {
            return group(name).deleted ? Rejection.NAME_TAKEN : Rejection.GROUP_EXISTS;
        }
        model.groups.put(name, new Model.Group(request.getPrivate()));
        model.conversations.put(name, new Model.Conversation());
        enter(peer, name, Role.ROLE_OWNER);
        return name;
    }

    Object join(String peer, String name) {
        Rejection none = noGroup(name);
        if (none != null) {
            return none;
        }
        Model.Group group = group(name);
        if (group.members.containsKey(peer)) {
            return Rejection.ALREADY_A_MEMBER;
        }
        if (group.banned.contains(peer)) {
            return Rejection.BANNED;
        }
        boolean invited = model.peer(peer).invitations.remove(name) != null;
        if (group.isPrivate && !invited) {
            return Rejection.NOT_INVITED;
        }
        enter(peer, name, Role.ROLE_MEMBER);
        return name;
    }

    private void enter(String peer, String name, Role role) {
        Model.Group group = group(name);
        group.members.put(peer, model.clockMs);
        group.roles.put(peer, role);
        group.everMembers.add(peer);
        group.joins.merge(peer, 1, Integer::sum);
    }

    Object leave(String peer, String name) {
        if (!model.groups.containsKey(name)) {
            return model.peers.containsKey(name) ? Rejection.NOT_A_GROUP : Rejection.UNKNOWN_NAME;
        }
        if (model.peer(peer).invitations.remove(name) != null) {
            return name;
        }
        if (!group(name).members.containsKey(peer)) {
            return Rejection.NOT_A_MEMBER;
        }
        if (isLastOwner(group(name), peer)) {
            return Rejection.LAST_OWNER;
        }
        end(peer, name);
        return name;
    }

    private static boolean isLastOwner(Model.Group group, String peer) {
        return group.roles.get(peer) == Role.ROLE_OWNER
                && Collections.frequency(group.roles.values(), Role.ROLE_OWNER) == 1;
    }

    private void end(String peer, String name) {
        group(name).members.remove(peer);
        group(name).roles.remove(peer);
        List<ModelMessage> owed = new ArrayList<>();
        for (ModelMessage message : model.conversation(name).messages) {
            ModelMessage.Recipient recipient = message.recipients.get(peer);
            if (recipient != null && recipient.state == RecipientState.SENT) {
                recipient.become(RecipientState.LEFT, model.clockMs);
                owed.add(message);
            }
        }
        model.tell(RecipientState.LEFT, peer, owed);
    }

    Object change(String caller, ChangeGroup request) {
        String name = request.getGroup();
        Rejection none = noGroup(name);
        if (none != null) {
            return none;
        }
        Role as = group(name).roles.get(caller);
        if (as == null) {
            return Rejection.NOT_A_MEMBER;
        }
        if (as != Role.ROLE_OWNER && as != Role.ROLE_ADMIN) {
            return Rejection.ROLE_TOO_LOW;
        }
        Rejection refusal = switch (request.getChangeCase()) {
            case INVITE ->
                invite(caller, name, request.getPeer(), request.getInvite().getInvitationsMax());
            case REMOVE -> remove(caller, as, request);
            case UNBAN -> {
                group(name).banned.remove(request.getPeer());
                yield null;
            }
            case SET_ROLE -> setRole(caller, as, request);
            case DELETE -> {
                if (as == Role.ROLE_OWNER) {
                    group(name).deleted = true;
                    group(name).members.clear();
                    group(name).roles.clear();
                    yield null;
                }
                yield Rejection.ROLE_TOO_LOW;
            }
            case CHANGE_NOT_SET -> Rejection.BAD_REQUEST;
        };
        return refusal == null ? name : refusal;
    }

    private @Nullable Rejection invite(String caller, String name, String peer, int max) {
        if (model.groups.containsKey(peer)) {
            return Rejection.NOT_A_PEER;
        }
        if (!model.peers.containsKey(peer)) {
            return Rejection.UNKNOWN_NAME;
        }
        if (group(name).banned.contains(peer)) {
            return Rejection.BANNED;
        }
        if (model.peer(peer).blocked.contains(caller)) {
            return Rejection.UNKNOWN_NAME;
        }
        if (group(name).members.containsKey(peer)) {
            return Rejection.ALREADY_A_MEMBER;
        }
        Map<String, String> waiting = model.peer(peer).invitations;
        if (!waiting.containsKey(name)) {
            if (isCrowded(waiting, caller, max)) {
                waiting.keySet().removeIf(other -> group(other).deleted);
            }
            if (isCrowded(waiting, caller, max)) {
                return Rejection.TOO_MANY_INVITED;
            }
            waiting.put(name, caller);
        }
        return null;
    }

    private static boolean isCrowded(Map<String, String> waiting, String caller, int max) {
        return max != 0
                && (waiting.size() >= max || Collections.frequency(waiting.values(), caller) >= Math.max(1, max / 10));
    }

    private @Nullable Rejection remove(String caller, Role as, ChangeGroup request) {
        Model.Group group = group(request.getGroup());
        String peer = request.getPeer();
        Role role = group.roles.get(peer);
        boolean ban = request.getRemove().getBan();
        if (peer.equals(caller)) {
            return Rejection.NOT_YOURSELF;
        }
        if (role != null && as == Role.ROLE_ADMIN && (role == Role.ROLE_ADMIN || role == Role.ROLE_OWNER)) {
            return Rejection.ROLE_TOO_LOW;
        }
        boolean known = model.peers.containsKey(peer);
        boolean invited = known && model.peer(peer).invitations.containsKey(request.getGroup());
        if (role == null && !invited && !ban) {
            return Rejection.PEER_NOT_A_MEMBER;
        }
        if (ban && !known) {
            return Rejection.UNKNOWN_NAME;
        }
        if (ban) {
            group.banned.add(peer);
        }
        model.peer(peer).invitations.remove(request.getGroup());
        if (role != null) {
            end(peer, request.getGroup());
        }
        return null;
    }

    private @Nullable Rejection setRole(String caller, Role as, ChangeGroup request) {
        Model.Group group = group(request.getGroup());
        String peer = request.getPeer();
        Role wanted = Role.forNumber(request.getSetRole().getRole());
        boolean handOver = request.getSetRole().getHandOver();
        if (wanted == null) {
            return Rejection.BAD_REQUEST;
        }
        Role role = group.roles.get(peer);
        if (role == null) {
            return Rejection.PEER_NOT_A_MEMBER;
        }
        boolean low = RANKS.indexOf(role) < 2 && RANKS.indexOf(wanted) < 2;
        if (as == Role.ROLE_ADMIN && (!low || handOver)) {
            return Rejection.ROLE_TOO_LOW;
        }
        if (handOver && peer.equals(caller)) {
            return Rejection.NOT_YOURSELF;
        }
        if (handOver && wanted != Role.ROLE_OWNER) {
            return Rejection.BAD_REQUEST;
        }
        if (isLastOwner(group, peer) && wanted != Role.ROLE_OWNER) {
            return Rejection.LAST_OWNER;
        }
        group.roles.put(peer, wanted);
        if (handOver) {
            group.roles.put(caller, Role.ROLE_ADMIN);
        }
        return null;
    }

    private @Nullable Rejection noGroup(String name) {
        if (model.peers.containsKey(name)) {
            return Rejection.NOT_A_GROUP;
        }
        return !model.groups.containsKey(name) || group(name).deleted ? Rejection.UNKNOWN_NAME : null;
    }

    private Model.Group group(String name) {
        Model.Group group = model.groups.get(name);
        if (group == null) {
            throw new IllegalStateException("model has no group " + name);
        }
        return group;
    }
}
