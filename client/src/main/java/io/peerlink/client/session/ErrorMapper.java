package io.peerlink.client.session;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import io.peerlink.client.ErrorCode;
import io.peerlink.client.PeerLinkException;
import io.peerlink.protocol.v1.Error;

/** The one place where protocol errors and gRPC statuses become {@link PeerLinkException}s. */
public final class ErrorMapper {
    private static final String DOMAIN = "peerlink";

    private ErrorMapper() {}

    /** A refusal on the session stream. */
    public static PeerLinkException of(Error error) {
        return new PeerLinkException(
                code(error.getCode().name()), error.getMessage(), error.getHint(), error.getRetryable());
    }

    /** The end of a stream, or a failed unary call. */
    public static PeerLinkException of(Throwable failure) {
        if (failure instanceof PeerLinkException known) {
            return known;
        }
        com.google.rpc.Status details = StatusProto.fromThrowable(failure);
        if (details != null) {
            for (Any detail : details.getDetailsList()) {
                if (detail.is(ErrorInfo.class)) {
                    return of(details.getMessage(), detail, failure);
                }
            }
        }
        Status status = Status.fromThrowable(failure);
        String message = status.getCode() + (status.getDescription() == null ? "" : ": " + status.getDescription());
        return switch (status.getCode()) {
            case UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED, ABORTED ->
                new PeerLinkException(ErrorCode.UNAVAILABLE, message, "", true, failure);
            case RESOURCE_EXHAUSTED -> new PeerLinkException(ErrorCode.OVERLOADED, message, "", true, failure);
            case UNAUTHENTICATED -> new PeerLinkException(ErrorCode.UNAUTHENTICATED, message, "", true, failure);
            case PERMISSION_DENIED -> new PeerLinkException(ErrorCode.NOT_PERMITTED, message, "", false, failure);
            case UNIMPLEMENTED ->
                new PeerLinkException(
                        ErrorCode.PROTOCOL_VIOLATION,
                        message,
                        "Is this a PeerLink router's client port?",
                        false,
                        failure);
            case OK,
                    UNKNOWN,
                    INVALID_ARGUMENT,
                    NOT_FOUND,
                    ALREADY_EXISTS,
                    FAILED_PRECONDITION,
                    OUT_OF_RANGE,
                    INTERNAL,
                    DATA_LOSS -> new PeerLinkException(ErrorCode.INTERNAL, message, "", false, failure);
        };
    }

    private static PeerLinkException of(String message, Any detail, Throwable failure) {
        try {
            ErrorInfo info = detail.unpack(ErrorInfo.class);
            if (info.getDomain().equals(DOMAIN)) {
                // Generic tools read the code in the message; ours have it anyway.
                String prefix = info.getReason() + ": ";
                return new PeerLinkException(
                        code(info.getReason()),
                        message.startsWith(prefix) ? message.substring(prefix.length()) : message,
                        info.getMetadataOrDefault("hint", ""),
                        info.getMetadataOrDefault("retryable", "false").equals("true"),
                        failure);
            }
        } catch (InvalidProtocolBufferException e) {
            failure.addSuppressed(e);
        }
        return new PeerLinkException(ErrorCode.INTERNAL, message, "", false, failure);
    }

    private static ErrorCode code(String name) {
        try {
            return ErrorCode.valueOf(name);
        } catch (IllegalArgumentException e) {
            // A newer router.
            return ErrorCode.UNKNOWN;
        }
    }
}
