package io.peerlink.server.edge;

import com.google.protobuf.MessageLite;
import io.peerlink.log.v1.CreateGroup;
import io.peerlink.log.v1.JoinGroup;
import io.peerlink.log.v1.LeaveGroup;
import io.peerlink.log.v1.MarkRead;
import io.peerlink.log.v1.Refused;
import io.peerlink.log.v1.Request;
import io.peerlink.log.v1.SendMessage;
import io.peerlink.protocol.v1.Send;
import io.peerlink.server.config.ServerConfig.Limits;
import io.peerlink.statemachine.Conversations;
import io.peerlink.statemachine.Rejection;
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

    private final Limits limits;
    private final BooleanSupplier storageLow;

    RequestForm(Limits limits, BooleanSupplier storageLow) {
        this.limits = limits;
        this.storageLow = storageLow;
    }

    Request toCommand(io.peerlink.protocol.v1.Request request) {
        return translate(request).setChecksum(checksum(request)).build();
    }

    private Request.Builder translate(io.peerlink.protocol.v1.Request request) {
        return switch (request.getKindCase()) {
            case SEND -> send(request.getSend());
            case CREATE_GROUP ->
                named(
                        request.getCreateGroup().getGroup(),
                        group -> Request.newBuilder()
                                .setCreateGroup(CreateGroup.newBuilder().setGroup(group)));
            case JOIN_GROUP ->
                named(
                        request.getJoinGroup().getGroup(),
                        group -> Request.newBuilder()
                                .setJoinGroup(JoinGroup.newBuilder().setGroup(group)));
            case LEAVE_GROUP ->
                named(
                        request.getLeaveGroup().getGroup(),
                        group -> Request.newBuilder()
                                .setLeaveGroup(LeaveGroup.newBuilder().setGroup(group)));
            case MARK_READ -> markRead(request.getMarkRead());
            case KIND_NOT_SET -> refused(Rejection.BAD_REQUEST);
        };
    }

    private Request.Builder send(Send send) {
        if (storageLow.getAsBoolean()) {
            return refused(Rejection.STORAGE_LOW);
        }
        long ttlMaxMs = limits.ttl().toMillis();
        if (send.getBody().size() > limits.bodyBytes()) {
            return refused(Rejection.BODY_TOO_LARGE);
        }
        if (!isContentType(send.getContentType())) {
            return refused(Rejection.BAD_CONTENT_TYPE);
        }
        long ttlMs = send.getTtlMs();
        if (ttlMs != 0 && (ttlMs < TTL_MIN_MS || ttlMs > ttlMaxMs)) {
            return refused(Rejection.BAD_TTL);
        }
        return named(
                send.getTo(),
                to -> Request.newBuilder()
                        .setSendMessage(SendMessage.newBuilder()
                                .setTo(to)
                                .setBody(send.getBody())
                                .setContentType(send.getContentType())
                                .setTtlMs(ttlMs == 0 ? ttlMaxMs : ttlMs)));
    }

    private static Request.Builder markRead(io.peerlink.protocol.v1.MarkRead request) {
        return conversation(request.getConversation())
                .map(canonical -> Request.newBuilder()
                        .setMarkRead(MarkRead.newBuilder()
                                .setConversation(canonical)
                                .setUpToSequence(request.getUpToSequence())))
                .orElseGet(() -> refused(Rejection.UNKNOWN_CONVERSATION));
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

    private static Request.Builder named(String name, Function<String, Request.Builder> command) {
        return Names.canonical(name).map(command).orElseGet(() -> refused(Rejection.BAD_NAME));
    }

    private static boolean isContentType(String text) {
        return text.length() <= CONTENT_TYPE_LENGTH_MAX && text.chars().allMatch(c -> c >= ' ' && c <= '~');
    }

    private static Request.Builder refused(Rejection rejection) {
        return Request.newBuilder().setRefused(Refused.newBuilder().setRejection(rejection.number()));
    }

    // Of what the client sent, not of the command: limits may differ between leaders, and a repeat is one all the same.
    private static int checksum(MessageLite request) {
        CRC32C checksum = new CRC32C();
        checksum.update(request.toByteArray());
        return (int) checksum.getValue();
    }
}
