package io.peerlink.client.session;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.handler.ssl.NotSslRecordException;
import io.grpc.protobuf.StatusProto;
import io.peerlink.client.ErrorCode;
import io.peerlink.client.PeerLinkException;
import io.peerlink.protocol.v1.Error;
import java.security.cert.CertificateException;
import java.util.Optional;

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
        Optional<PeerLinkException> distrust = distrust(failure);
        if (distrust.isPresent()) {
            return distrust.get();
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

    /** As {@link #of(Throwable)}, of a call to this router; it is named where the matter is who it is. */
    public static PeerLinkException of(String address, Throwable failure) {
        PeerLinkException error = of(failure);
        return error.code().isDistrust()
                ? distrust(error.code(), address + ": " + error.getMessage(), error.hint(), error)
                : error;
    }

    /** What TLS found, which gRPC only has as a cause of "unavailable". */
    private static Optional<PeerLinkException> distrust(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            if (cause instanceof UntrustedRouterException other) {
                return Optional.of(distrust(ErrorCode.UNTRUSTED_ROUTER, message, other.hint(), failure));
            }
            if (cause instanceof CertificateException) {
                return Optional.of(distrust(
                        ErrorCode.UNTRUSTED_ROUTER,
                        "its certificate is not trusted: " + message,
                        "Is this the cluster's CA file, and does the certificate name the host that was called?",
                        failure));
            }
            if (cause instanceof NotSslRecordException) {
                return Optional.of(distrust(
                        ErrorCode.TLS_MISMATCH,
                        "it does not speak TLS",
                        "Is this a router's client port? Routers without TLS are called without it.",
                        failure));
            }
            if (cause instanceof WantsTls.TlsOnlyException) {
                return Optional.of(distrust(
                        ErrorCode.TLS_MISMATCH,
                        "it speaks TLS only",
                        "Use TLS: --ca FILE or --tls; in Java ClientBuilder.trust.",
                        failure));
            }
        }
        return Optional.empty();
    }

    private static PeerLinkException distrust(ErrorCode code, String message, String hint, Throwable failure) {
        return new PeerLinkException(code, message, hint, false, failure);
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
