package io.peerlink.statemachine;

import com.google.protobuf.ByteString;
import io.peerlink.log.v1.Admission;
import io.peerlink.log.v1.AdvanceCursor;
import io.peerlink.log.v1.ChangeGroup;
import io.peerlink.log.v1.CloseSession;
import io.peerlink.log.v1.Command;
import io.peerlink.log.v1.CompareState;
import io.peerlink.log.v1.CreateGroup;
import io.peerlink.log.v1.CreateInvite;
import io.peerlink.log.v1.JoinGroup;
import io.peerlink.log.v1.LeaveGroup;
import io.peerlink.log.v1.LockPeer;
import io.peerlink.log.v1.MarkRead;
import io.peerlink.log.v1.OpenSession;
import io.peerlink.log.v1.PublishKeys;
import io.peerlink.log.v1.Refused;
import io.peerlink.log.v1.RegisterPeer;
import io.peerlink.log.v1.Request;
import io.peerlink.log.v1.RevokeInvite;
import io.peerlink.log.v1.RotateKey;
import io.peerlink.log.v1.SendMessage;
import io.peerlink.log.v1.SessionRequests;
import io.peerlink.log.v1.SetBlocked;
import io.peerlink.log.v1.Tick;
import io.peerlink.state.v1.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/** Short ways to write commands in tests. Stateless. */
final class Commands {
    private Commands() {}

    static ByteString key(String text) {
        return ByteString.copyFromUtf8("key of " + text);
    }

    static Command register(String name, ByteString key) {
        return Command.newBuilder()
                .setRegisterPeer(RegisterPeer.newBuilder().setName(name).setPublicKey(key))
                .build();
    }

    static Command open(String peer, ByteString key, long resume) {
        return Command.newBuilder()
                .setOpenSession(
                        OpenSession.newBuilder().setPeer(peer).setPublicKey(key).setResumeIncarnation(resume))
                .build();
    }

    static Command close(String peer, long incarnation) {
        return Command.newBuilder()
                .setCloseSession(CloseSession.newBuilder().setPeer(peer).setIncarnation(incarnation))
                .build();
    }

    static Command requests(String peer, long incarnation, long first, long lowestUnsettled, List<Request> requests) {
        return Command.newBuilder()
                .setSessionRequests(SessionRequests.newBuilder()
                        .setPeer(peer)
                        .setIncarnation(incarnation)
                        .setFirstSequence(first)
                        .setLowestUnsettled(lowestUnsettled)
                        .addAllRequests(requests))
                .build();
    }

    static Command compare(long index, ByteString chain) {
        return Command.newBuilder()
                .setCompareState(CompareState.newBuilder().setIndex(index).setChain(chain))
                .build();
    }

    static Command advance(String peer, long inboxSequence) {
        return Command.newBuilder()
                .setAdvanceCursor(AdvanceCursor.newBuilder().setPeer(peer).setInboxSequence(inboxSequence))
                .build();
    }

    static Command tick(long historyMs, long incarnationMs, int rowsMax) {
        return Command.newBuilder()
                .setTick(Tick.newBuilder()
                        .setHistoryRetentionMs(historyMs)
                        .setIncarnationRetentionMs(incarnationMs)
                        .setRowsMax(rowsMax))
                .build();
    }

    static Request send(String to, String body, long ttlMs) {
        return checked(Request.newBuilder()
                .setSendMessage(SendMessage.newBuilder()
                        .setTo(to)
                        .addBodies(ByteString.copyFromUtf8(body))
                        .setContentType("text/plain")
                        .setTtlMs(ttlMs)));
    }

    /**
     * The same, unless too much waits in the recipient's inbox.
     *
     * @param inboxMax entries; 0: any number
     * @param inboxBytesMax bytes of bodies; 0: any number
     */
    static Request limited(Request send, long inboxMax, long inboxBytesMax) {
        Request.Builder limited = send.toBuilder();
        limited.getSendMessageBuilder().setInboxMax(inboxMax).setInboxBytesMax(inboxBytesMax);
        return limited.build();
    }

    /** One request for all of them, if they are sends that are alike but for their bodies. */
    static Optional<Request> joined(List<Request> requests) {
        Request.Builder joined = requests.get(0).toBuilder();
        SendMessage common = withoutBodies(requests.get(0));
        for (Request next : requests.subList(1, requests.size())) {
            if (!next.hasSendMessage()
                    || next.getChecksumsCount() == 0
                    || joined.getChecksumsCount() == 0
                    || !withoutBodies(next).equals(common)) {
                return Optional.empty();
            }
            joined.getSendMessageBuilder().addAllBodies(next.getSendMessage().getBodiesList());
            joined.addAllChecksums(next.getChecksumsList());
        }
        return Optional.of(joined.build());
    }

    private static SendMessage withoutBodies(Request request) {
        return request.getSendMessage().toBuilder().clearBodies().build();
    }

    /** The requests of one sequence each that it stands for. */
    static List<Request> single(Request request) {
        if (request.getChecksumsCount() <= 1) {
            return List.of(request);
        }
        List<Request> single = new ArrayList<>();
        for (int i = 0; i < request.getChecksumsCount(); i++) {
            Request.Builder one = request.toBuilder().clearChecksums().addChecksums(request.getChecksums(i));
            if (request.hasSendMessage()) {
                one.getSendMessageBuilder()
                        .clearBodies()
                        .addBodies(request.getSendMessage().getBodies(i));
            }
            single.add(one.build());
        }
        return single;
    }

    static Request createGroup(String group) {
        return checked(
                Request.newBuilder().setCreateGroup(CreateGroup.newBuilder().setGroup(group)));
    }

    static Request joinGroup(String group) {
        return checked(Request.newBuilder().setJoinGroup(JoinGroup.newBuilder().setGroup(group)));
    }

    static Request leaveGroup(String group) {
        return checked(
                Request.newBuilder().setLeaveGroup(LeaveGroup.newBuilder().setGroup(group)));
    }

    static Request changeGroup(ChangeGroup.Builder change) {
        return checked(Request.newBuilder().setChangeGroup(change));
    }

    static ChangeGroup.Builder change(String group, String peer) {
        return ChangeGroup.newBuilder().setGroup(group).setPeer(peer);
    }

    static Request createPrivateGroup(String group) {
        return checked(Request.newBuilder()
                .setCreateGroup(CreateGroup.newBuilder().setGroup(group).setPrivate(true)));
    }

    static Request invite(String group, String peer) {
        return invite(group, peer, 0);
    }

    /**
     * As {@link #invite(String, String)}.
     *
     * @param waitingMax invitations that may wait for the peer
     */
    static Request invite(String group, String peer, int waitingMax) {
        return changeGroup(
                change(group, peer).setInvite(ChangeGroup.Invite.newBuilder().setInvitationsMax(waitingMax)));
    }

    static Request remove(String group, String peer, boolean ban) {
        return changeGroup(
                change(group, peer).setRemove(ChangeGroup.Remove.newBuilder().setBan(ban)));
    }

    static Request unban(String group, String peer) {
        return changeGroup(change(group, peer).setUnban(ChangeGroup.Unban.getDefaultInstance()));
    }

    static Request setRole(String group, String peer, Role role, boolean handOver) {
        return changeGroup(change(group, peer)
                .setSetRole(ChangeGroup.SetRole.newBuilder()
                        .setRole(role.getNumber())
                        .setHandOver(handOver)));
    }

    static Request delete(String group) {
        return changeGroup(change(group, "").setDelete(ChangeGroup.Delete.getDefaultInstance()));
    }

    static Request setBlocked(String peer, boolean blocked) {
        return checked(Request.newBuilder()
                .setSetBlocked(SetBlocked.newBuilder().setPeer(peer).setBlocked(blocked)));
    }

    /** As 32 bytes that stand for the hash of a code. */
    static ByteString hash(String code) {
        return ByteString.copyFromUtf8((code + ".".repeat(32)).substring(0, 32));
    }

    static Command register(String name, ByteString key, Admission admission, ByteString invite) {
        return Command.newBuilder()
                .setRegisterPeer(RegisterPeer.newBuilder()
                        .setName(name)
                        .setPublicKey(key)
                        .setAdmission(admission)
                        .setInvite(invite))
                .build();
    }

    static Command createInvite(String code, String name, long ttlMs) {
        return Command.newBuilder()
                .setCreateInvite(CreateInvite.newBuilder()
                        .setInvite(hash(code))
                        .setName(name)
                        .setTtlMs(ttlMs)
                        .setOperator("ann"))
                .build();
    }

    static Command revokeInvite(String code) {
        return Command.newBuilder()
                .setRevokeInvite(RevokeInvite.newBuilder().setInvite(hash(code)))
                .build();
    }

    static Command lock(String peer, String code, long ttlMs) {
        return Command.newBuilder()
                .setLockPeer(LockPeer.newBuilder()
                        .setPeer(peer)
                        .setInvite(hash(code))
                        .setTtlMs(ttlMs)
                        .setOperator("ann"))
                .build();
    }

    /** Asked for by incarnation 1. */
    static Command rotate(String peer, ByteString oldKey, ByteString newKey) {
        return Command.newBuilder()
                .setRotateKey(RotateKey.newBuilder()
                        .setPeer(peer)
                        .setOldPublicKey(oldKey)
                        .setNewPublicKey(newKey)
                        .setIncarnation(1))
                .build();
    }

    static Request markRead(String conversation, long upTo) {
        return checked(Request.newBuilder()
                .setMarkRead(MarkRead.newBuilder().setConversation(conversation).setUpToSequence(upTo)));
    }

    static Request publishKeys(String encryptionKey, String signature) {
        return checked(Request.newBuilder()
                .setPublishKeys(PublishKeys.newBuilder()
                        .setEncryptionKey(ByteString.copyFromUtf8(encryptionKey))
                        .setSignature(ByteString.copyFromUtf8(signature))));
    }

    static Request refused(Rejection rejection, int checksum) {
        return Request.newBuilder()
                .setRefused(Refused.newBuilder().setRejection(rejection.number()))
                .addChecksums(checksum)
                .build();
    }

    /** The command into which another leader resolved the public request of {@code first}. */
    static Request resolvedAgain(Request first, Request other) {
        return other.toBuilder()
                .clearChecksums()
                .addAllChecksums(first.getChecksumsList())
                .build();
    }

    /** As if the public request had the same encoding. */
    private static Request checked(Request.Builder request) {
        CRC32C checksum = new CRC32C();
        checksum.update(request.build().toByteArray());
        return request.addChecksums((int) checksum.getValue()).build();
    }
}
