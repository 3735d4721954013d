package io.peerlink.server.edge;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import org.jspecify.annotations.Nullable;

/** Carries the session token of a unary call from its metadata to the service. */
final class SessionToken implements ServerInterceptor {
    private static final Metadata.Key<String> METADATA =
            Metadata.Key.of("peerlink-session", Metadata.ASCII_STRING_MARSHALLER);
    private static final Context.Key<String> CONTEXT = Context.key("peerlink-session");

    /** The token of the call being handled, or null. */
    static @Nullable String current() {
        return CONTEXT.get();
    }

    @Override
    public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
            ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
        String token = headers.get(METADATA);
        if (token == null) {
            return next.startCall(call, headers);
        }
        return Contexts.interceptCall(Context.current().withValue(CONTEXT, token), call, headers, next);
    }
}
