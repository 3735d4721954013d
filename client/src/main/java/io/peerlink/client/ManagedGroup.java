package io.peerlink.client;

import io.peerlink.protocol.v1.ChangeGroup;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * What owners and admins do to a group of theirs. Asking for what is so already is fine. Futures fail with UNKNOWN_NAME,
 * NOT_A_GROUP, NOT_A_MEMBER, ROLE_TOO_LOW, and what stands at each method. Thread-safe.
 */
public final class ManagedGroup {
    private final String name;
    private final Function<ChangeGroup, CompletableFuture<GroupChange>> change;

    ManagedGroup(String name, Function<ChangeGroup, CompletableFuture<GroupChange>> change) {
        this.name = name;
        this.change = change;
    }

    /** Its name, in lower case. */
    public String name() {
        return name;
    }

    /** Lets a peer join, once. It is not told; {@link PeerLinkClient#invitations} tells it. Fails with BANNED, ALREADY_A_MEMBER, TOO_MANY_INVITED. */
    public CompletableFuture<GroupChange> invite(String peer) {
        return change(peer, ChangeGroup.newBuilder().setInvite(ChangeGroup.Invite.getDefaultInstance()));
    }

    /** Ends a membership or an invitation: what the peer has not received is not owed to it. Fails with PEER_NOT_A_MEMBER, NOT_YOURSELF. */
    public CompletableFuture<GroupChange> remove(String peer) {
        return change(peer, ChangeGroup.newBuilder().setRemove(ChangeGroup.Remove.getDefaultInstance()));
    }

    /** As {@link #remove}, and keeps the peer from coming back; it need not be a member. */
    public CompletableFuture<GroupChange> ban(String peer) {
        return change(
                peer,
                ChangeGroup.newBuilder()
                        .setRemove(ChangeGroup.Remove.newBuilder().setBan(true)));
    }

    /** Lets a banned peer come again. */
    public CompletableFuture<GroupChange> unban(String peer) {
        return change(peer, ChangeGroup.newBuilder().setUnban(ChangeGroup.Unban.getDefaultInstance()));
    }

    /** Gives a member another role. Fails with PEER_NOT_A_MEMBER, LAST_OWNER. */
    public CompletableFuture<GroupChange> setRole(String peer, GroupRole role) {
        return change(
                peer,
                ChangeGroup.newBuilder()
                        .setSetRole(ChangeGroup.SetRole.newBuilder().setRole(role.protocol())));
    }

    /** Makes another member owner and the caller, an owner, an admin, in one step. Fails with PEER_NOT_A_MEMBER, NOT_YOURSELF. */
    public CompletableFuture<GroupChange> handOver(String peer) {
        return change(
                peer,
                ChangeGroup.newBuilder()
                        .setSetRole(ChangeGroup.SetRole.newBuilder()
                                .setRole(GroupRole.OWNER.protocol())
                                .setHandOver(true)));
    }

    /** Ends the group. What was sent is still delivered; the name stays taken. For owners. */
    public CompletableFuture<GroupChange> delete() {
        return change("", ChangeGroup.newBuilder().setDelete(ChangeGroup.Delete.getDefaultInstance()));
    }

    private CompletableFuture<GroupChange> change(String peer, ChangeGroup.Builder what) {
        return change.apply(
                what.setGroup(name).setPeer(peer.toLowerCase(Locale.ROOT)).build());
    }
}
