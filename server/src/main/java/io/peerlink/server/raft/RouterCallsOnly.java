package io.peerlink.server.raft;

import org.apache.ratis.proto.grpc.RaftServerProtocolServiceGrpc;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.ServerCallHandler;
import org.apache.ratis.thirdparty.io.grpc.ServerInterceptor;
import org.apache.ratis.thirdparty.io.grpc.Status;

/**
 * Lets only router-to-router calls through on the Raft port. Ratis also serves its client and administration protocols
 * there, which would let anybody who reaches the port write raw commands past our edge.
 */
final class RouterCallsOnly implements ServerInterceptor {
    private static final String ROUTER_SERVICE = RaftServerProtocolServiceGrpc.SERVICE_NAME;

    @Override
    public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
            ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
        if (ROUTER_SERVICE.equals(call.getMethodDescriptor().getServiceName())) {
            return next.startCall(call, headers);
        }
        call.close(Status.PERMISSION_DENIED.withDescription("only routers may call here"), new Metadata());
        return new ServerCall.Listener<>() {};
    }
}
