package io.peerlink.server.raft;

import java.util.function.UnaryOperator;
import org.apache.ratis.thirdparty.io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.ServerCallHandler;
import org.apache.ratis.thirdparty.io.grpc.ServerInterceptor;

/** Passes each answer of this router to another one through a function, on the thread that answers. */
final class Answers implements ServerInterceptor {
    private final UnaryOperator<Object> passing;

    /** {@code passing} gives what is sent instead, of the same kind; any thread. */
    Answers(UnaryOperator<Object> passing) {
        this.passing = passing;
    }

    @Override
    public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
            ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
        return next.startCall(
                new SimpleForwardingServerCall<>(call) {
                    @Override
                    @SuppressWarnings("unchecked") // an answer of its own kind
                    public void sendMessage(RespT message) {
                        super.sendMessage((RespT) passing.apply(message));
                    }
                },
                headers);
    }
}
