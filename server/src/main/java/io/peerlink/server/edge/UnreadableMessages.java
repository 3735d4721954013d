package io.peerlink.server.edge;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.StatusRuntimeException;
import io.peerlink.protocol.v1.ErrorCode;
import java.io.InputStream;

/**
 * Answers messages that cannot be parsed. gRPC by itself ends such a call as "unknown" and logs a stack trace as if the router were
 * at fault; anybody could fill its disk by that.
 */
final class UnreadableMessages implements ServerInterceptor {
    private static final MethodDescriptor.Marshaller<InputStream> UNPARSED = new Unparsed();

    private UnreadableMessages() {}

    /** The service, whose messages are parsed where this can see it. */
    static ServerServiceDefinition answeredFor(ServerServiceDefinition service) {
        return ServerInterceptors.intercept(
                ServerInterceptors.useMarshalledMessages(service, UNPARSED), new UnreadableMessages());
    }

    /** Passes streams on. Not gRPC's own for that: it puts buffers around answers, which then are copied byte by byte. */
    private static final class Unparsed implements MethodDescriptor.Marshaller<InputStream> {
        @Override
        public InputStream stream(InputStream message) {
            return message;
        }

        @Override
        public InputStream parse(InputStream message) {
            return message;
        }
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
            private boolean ended;

            @Override
            @SuppressWarnings("unchecked") // Whatever type the method has, here messages are streams.
            public void onMessage(Q message) {
                try {
                    super.onMessage(message);
                } catch (StatusRuntimeException e) {
                    if (call.getMethodDescriptor().getType().clientSendsOneMessage()) {
                        ended = true;
                        StatusRuntimeException refusal = ErrorMapper.exception(ErrorMapper.error(
                                ErrorCode.PROTOCOL_VIOLATION,
                                "the request cannot be read",
                                "is it of another version?"));
                        Metadata trailers = refusal.getTrailers();
                        call.close(refusal.getStatus(), trailers == null ? new Metadata() : trailers);
                    } else {
                        // Its handler knows what has to end with the stream, and takes a message without content for a
                        // violation.
                        super.onMessage((Q) InputStream.nullInputStream());
                    }
                }
            }

            @Override
            public void onHalfClose() {
                if (!ended) {
                    super.onHalfClose();
                }
            }
        };
    }
}
