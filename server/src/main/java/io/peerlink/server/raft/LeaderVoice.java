package io.peerlink.server.raft;

import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto.AppendResult;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotReplyProto;
import org.apache.ratis.thirdparty.io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.ServerCallHandler;
import org.apache.ratis.thirdparty.io.grpc.ServerInterceptor;

/**
 * When this router last answered its leader. Ratis' own clock of a follower is also wound by requests for votes, so one that
 * must refuse a candidate, because its own log is longer, would wait for as long as that candidate keeps asking (seen: 9 s
 * without a leader). Thread-safe.
 */
final class LeaderVoice implements ServerInterceptor {
    private final AtomicLong heardNanos = new AtomicLong(System.nanoTime());

    /** {@link System#nanoTime} of the last answer to a leader. */
    long heardNanos() {
        return heardNanos.get();
    }

    @Override
    public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
            ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
        return next.startCall(
                new SimpleForwardingServerCall<>(call) {
                    @Override
                    public void sendMessage(RespT message) {
                        if (isAnswerToLeader(message)) {
                            heardNanos.set(System.nanoTime());
                        }
                        super.sendMessage(message);
                    }
                },
                headers);
    }

    private static boolean isAnswerToLeader(Object message) {
        return message instanceof InstallSnapshotReplyProto
                || (message instanceof AppendEntriesReplyProto reply && reply.getResult() != AppendResult.NOT_LEADER);
    }
}
