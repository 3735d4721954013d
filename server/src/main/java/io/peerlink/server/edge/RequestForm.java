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

    RequestForm(Limits limits) {
        this.limits = limits;
    }

    Request toCommand(io.peerlink.protocol.v1.Request request) {
        return switch (request.getKindCase()) {
            case SEND -> send(request);
            case CREATE_GROUP ->
                named(
                        request,
                        request.getCreateGroup().getGroup(),
                        group -> Request.newBuilder()
                                .setCreateGroup(CreateGroup.newBuilder().setGroup(group)));
            case JOIN_GROUP ->
                named(
                        request,
                        request.getJoinGroup().getGroup(),
                        group -> Request.newBuilder()
                                .setJoinGroup(JoinGroup.newBuilder().setGroup(group)));
            case LEAVE_GROUP ->
                named(
                        request,
                        request.getLeaveGroup().getGroup(),
                        group -> Request.newBuilder()
                                .setLeaveGroup(LeaveGroup.newBuilder().setGroup(group)));
            case MARK_READ -> markRead(request);
            case KIND_NOT_SET -> refused(request, Rejection.BAD_REQUEST);
        };
    }

    private Request send(io.peerlink.protocol.v1.Request request) {
        Send send = request.getSend();
        long ttlMaxMs = limits.ttl().toMillis();
        if (send.getBody().size() > limits.bodyBytes()) {
            return refused(request, Rejection.BODY_TOO_LARGE);
        }
        if (!isContentType(send.getContentType())) {
            return refused(request, Rejection.BAD_CONTENT_TYPE);
        }
        long ttlMs = send.getTtlMs();
        if (ttlMs != 0 && (ttlMs < TTL_MIN_MS || ttlMs > ttlMaxMs)) {
            return refused(request, Rejection.BAD_TTL);
        }
        return named(
                request,
                send.getTo(),
                to -> Request.newBuilder()
                        .setSendMessage(SendMessage.newBuilder()
                                .setTo(to)
                                .setBody(send.getBody())
                                .setContentType(send.getContentType())
                                .setTtlMs(ttlMs == 0 ? ttlMaxMs : ttlMs)));
    }

    private static Request markRead(io.peerlink.protocol.v1.Request request) {
        String conversation = request.getMarkRead().getConversation();
        Optional<String> canonical = conversation(conversation);
        if (canonical.isEmpty()) {
            return refused(request, Rejection.UNKNOWN_CONVERSATION);
        }
        return Request.newBuilder()
                .setMarkRead(MarkRead.newBuilder()
                        .setConversation(canonical.get())
                        .setUpToSequence(request.getMarkRead().getUpToSequence()))
                .build();
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

    private static Request named(
            io.peerlink.protocol.v1.Request request, String name, Function<String, Request.Builder> command) {
        return Names.canonical(name)
                .map(canonical -> command.apply(canonical).build())
                .orElseGet(() -> refused(request, Rejection.BAD_NAME));
    }

    private static boolean isContentType(String text) {
        return text.length() <= CONTENT_TYPE_LENGTH_MAX && text.chars().allMatch(c -> c >= ' ' && c <= '~');
    }

    private static Request refused(MessageLite request, Rejection rejection) {
        CRC32C checksum = new CRC32C();
        checksum.update(request.toByteArray());
        return Request.newBuilder()
                .setRefused(
                        Refused.newBuilder().setRejection(rejection.number()).setChecksum((int) checksum.getValue()))
                .build();
    }
}
