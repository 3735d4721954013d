package io.peerlink.server.edge;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** Carries the other end of a call's connection to the service: with its port it names the connection. */
final class RemoteAddress implements ServerInterceptor {
    private static final Context.Key<SocketAddress> CONTEXT = Context.key("peerlink-remote");

    /** The other end of the connection of the call being handled; null where there is none, as in simulations. */
    static @Nullable SocketAddress current() {
        return CONTEXT.get();
    }

    @Override
    public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
            ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
        SocketAddress remote = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
        return remote == null
                ? next.startCall(call, headers)
                : Contexts.interceptCall(Context.current().withValue(CONTEXT, remote), call, headers, next);
    }
}
