package io.peerlink.server.edge;

import com.google.protobuf.ByteString;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;

/** Carries an operator's proof from a call's metadata to the service. */
final class OperatorProofs implements ServerInterceptor {
    private static final Metadata.Key<byte[]> METADATA =
            Metadata.Key.of("peerlink-operator-bin", Metadata.BINARY_BYTE_MARSHALLER);
    private static final Context.Key<ByteString> CONTEXT =
            Context.keyWithDefault("peerlink-operator", ByteString.EMPTY);

    /** The proof that came with the call being handled, unchecked; empty if none did. */
    static ByteString current() {
        return CONTEXT.get();
    }

    @Override
    public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
            ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
        byte[] proof = headers.get(METADATA);
        if (proof == null) {
            return next.startCall(call, headers);
        }
        return Contexts.interceptCall(
                Context.current().withValue(CONTEXT, ByteString.copyFrom(proof)), call, headers, next);
    }
}
