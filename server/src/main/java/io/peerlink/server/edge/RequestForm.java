package io.peerlink.server.edge;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.peerlink.log.v1.CreateGroup;
import io.peerlink.log.v1.JoinGroup;
import io.peerlink.log.v1.LeaveGroup;
import io.peerlink.log.v1.MarkRead;
import io.peerlink.log.v1.PublishKeys;
import io.peerlink.log.v1.Request;
import io.peerlink.log.v1.SendMessage;
import io.peerlink.log.v1.SetBlocked;
import io.peerlink.protocol.v1.Send;
import io.peerlink.server.config.ServerConfig.Limits;
import io.peerlink.statemachine.Conversations;
import io.peerlink.statemachine.Rejection;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.zip.CRC32C;

/**
 * Checks a public request for form and translates it. What fails becomes a {@code Refused} command rather than an answer
 * from here: its sequence is used up in the log like any other's, and a repeat gets the same refusal on every router.
 */
final class RequestForm {
    private static final int CONTENT_TYPE_LENGTH_MAX = 127;
    private static final long TTL_MIN_MS = 1_000;
    private static final int PUBLISHED_LENGTH_MAX = 1_024;

    private final Limits limits;
    private final BooleanSupplier storageLow;

    RequestForm(Limits limits, BooleanSupplier storageLow) {
        this.limits = limits;
        this.storageLow = storageLow;
    }

    /**
     * Writes what a public request asks for under its sequence or sequences.
     *
     * @param overdrawn whether the peer sends too fast for its messages to be taken
     */
    void write(io.peerlink.protocol.v1.Request request, CommandWriter to, boolean overdrawn) {
        switch (request.getKindCase()) {
            case SEND -> send(request.getSend(), to, overdrawn);
            case CREATE_GROUP ->
                named(
                        request,
                        request.getCreateGroup().getGroup(),
                        to,
                        group -> Request.newBuilder()
                                .setCreateGroup(CreateGroup.newBuilder()
                                        .setGroup(group)
                                        .setMembershipsMax(limits.groupsPerPeer())
                                        .setPrivate(request.getCreateGroup().getPrivate())));
            case JOIN_GROUP ->
                named(
                        request,
                        request.getJoinGroup().getGroup(),
                        to,
                        group -> Request.newBuilder()
                                .setJoinGroup(JoinGroup.newBuilder()
                                        .setGroup(group)
                                        .setMembershipsMax(limits.groupsPerPeer())
                                        .setMembersMax(limits.membersPerGroup())));
            case LEAVE_GROUP ->
                named(
                        request,
                        request.getLeaveGroup().getGroup(),
                        to,
                        group -> Request.newBuilder()
                                .setLeaveGroup(LeaveGroup.newBuilder().setGroup(group)));
            case MARK_READ -> markRead(request, to);
            case PUBLISH_KEYS -> publishKeys(request, to);
            case CHANGE_GROUP -> GroupChangeForm.write(request, to, limits);
            case SET_BLOCKED ->
                named(
                        request,
                        request.getSetBlocked().getPeer(),
                        to,
                        peer -> Request.newBuilder()
                                .setSetBlocked(SetBlocked.newBuilder()
                                        .setPeer(peer)
                                        .setBlocked(request.getSetBlocked().getBlocked())
                                        .setBlockedMax(limits.blockedPerPeer())));
            case KIND_NOT_SET -> to.refuse(Rejection.BAD_REQUEST, checksum(request));
        }
    }

    /** How many sequences a public request takes. */
    static int sequences(io.peerlink.protocol.v1.Request request) {
        return Math.max(1, request.getSend().getBodiesCount());
    }

    /** KiB in its bodies that are larger than {@code bodyBytes}: these are refused, but only once they are here. */
    static long kibTooLarge(io.peerlink.protocol.v1.Request request, int bodyBytes) {
        long kib = 0;
        for (ByteString body : request.getSend().getBodiesList()) {
            kib += body.size() > bodyBytes ? body.size() / 1_024 : 0;
        }
        return kib;
    }

    private void send(Send send, CommandWriter to, boolean overdrawn) {
        Optional<Rejection> fault = fault(send, overdrawn);
        SendMessage alike = SendMessage.newBuilder()
                .setTo(Names.canonical(send.getTo()).orElse(""))
                .setContentType(send.getContentType())
                .setTtlMs(send.getTtlMs() == 0 ? limits.ttl().toMillis() : send.getTtlMs())
                .setInboxMax(limits.inboxMessages())
                .setInboxBytesMax(limits.inboxBytes())
                .build();
        byte[] head = send.toBuilder().clearBodies().build().toByteArray();
        List<ByteString> bodies = send.getBodiesCount() == 0 ? List.of(ByteString.EMPTY) : send.getBodiesList();
        for (ByteString body : bodies) {
            int checksum = checksum(head, body);
            if (fault.isPresent()) {
                to.refuse(fault.get(), checksum);
            } else if (body.size() > limits.bodyBytes()) {
                to.refuse(Rejection.BODY_TOO_LARGE, checksum);
            } else {
                to.send(alike, body, checksum);
            }
        }
    }

    /** What is wrong with all its messages. */
    private Optional<Rejection> fault(Send send, boolean overdrawn) {
        if (overdrawn) {
            return Optional.of(Rejection.RATE_LIMITED);
        }
        if (storageLow.getAsBoolean()) {
            return Optional.of(Rejection.STORAGE_LOW);
        }
        if (!isContentType(send.getContentType())) {
            return Optional.of(Rejection.BAD_CONTENT_TYPE);
        }
        long ttlMs = send.getTtlMs();
        if (ttlMs != 0 && (ttlMs < TTL_MIN_MS || ttlMs > limits.ttl().toMillis())) {
            return Optional.of(Rejection.BAD_TTL);
        }
        return Names.canonical(send.getTo()).isEmpty() ? Optional.of(Rejection.BAD_NAME) : Optional.empty();
    }

    private static void markRead(io.peerlink.protocol.v1.Request request, CommandWriter to) {
        var mark = request.getMarkRead();
        conversation(mark.getConversation())
                .ifPresentOrElse(
                        canonical -> to.other(
                                Request.newBuilder()
                                        .setMarkRead(MarkRead.newBuilder()
                                                .setConversation(canonical)
                                                .setUpToSequence(mark.getUpToSequence())),
                                checksum(request)),
                        () -> to.refuse(Rejection.UNKNOWN_CONVERSATION, checksum(request)));
    }

    private static void publishKeys(io.peerlink.protocol.v1.Request request, CommandWriter to) {
        var keys = request.getPublishKeys();
        if (isPublishable(keys.getEncryptionKey()) && isPublishable(keys.getSignature())) {
            PublishKeys.Builder command = PublishKeys.newBuilder()
                    .setEncryptionKey(keys.getEncryptionKey())
                    .setSignature(keys.getSignature());
            to.other(Request.newBuilder().setPublishKeys(command), checksum(request));
        } else {
            to.refuse(Rejection.BAD_ENCRYPTION_KEY, checksum(request));
        }
    }

    private static boolean isPublishable(ByteString published) {
        return !published.isEmpty() && published.size() <= PUBLISHED_LENGTH_MAX;
    }

    /** The canonical conversation id, or empty if the text is none. */
    static Optional<String> conversation(String text) {
        int joiner = text.indexOf('~');
        if (joiner < 0) {
            return Names.canonical(text);
        }
        return Names.canonical(text.substring(0, joiner))
                .flatMap(first ->
                        Names.canonical(text.substring(joiner + 1)).map(second -> Conversations.direct(first, second)));
    }

    private static void named(
            io.peerlink.protocol.v1.Request request,
            String name,
            CommandWriter to,
            Function<String, Request.Builder> command) {
        Names.canonical(name)
                .ifPresentOrElse(
                        canonical -> to.other(command.apply(canonical), checksum(request)),
                        () -> to.refuse(Rejection.BAD_NAME, checksum(request)));
    }

    private static boolean isContentType(String text) {
        return text.length() <= CONTENT_TYPE_LENGTH_MAX && text.chars().allMatch(c -> c >= ' ' && c <= '~');
    }

    // Of what the client sent, not of the command: limits may differ between leaders, and a repeat is one all the same.
    static int checksum(MessageLite request) {
        CRC32C checksum = new CRC32C();
        checksum.update(request.toByteArray());
        return (int) checksum.getValue();
    }

    // However the client puts sends together, a message's is the same.
    private static int checksum(byte[] head, ByteString body) {
        CRC32C checksum = new CRC32C();
        checksum.update(head);
        checksum.update(head.length);
        checksum.update(body.toByteArray());
        return (int) checksum.getValue();
    }
}
