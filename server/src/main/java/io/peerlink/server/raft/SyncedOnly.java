package io.peerlink.server.raft;

import java.util.function.LongSupplier;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.thirdparty.io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.ServerCallHandler;
import org.apache.ratis.thirdparty.io.grpc.ServerInterceptor;

/**
 * A follower confirms no more than its disk has. Ratis 3.3.0 waits for the disk with entries that are new to it; those that
 * come again over a new stream while the first ones are still being written it confirms at once (unless requests are composed,
 * which {@link RaftSettings} has off). What is held back here is confirmed with the next entry.
 */
final class SyncedOnly implements ServerInterceptor {
    private final LongSupplier syncedIndex;

    /**
     * @param syncedIndex of the last entry that the disk has; any thread
     */
    SyncedOnly(LongSupplier syncedIndex) {
        this.syncedIndex = syncedIndex;
    }

    @Override
    public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
            ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
        return next.startCall(
                new SimpleForwardingServerCall<>(call) {
                    @Override
                    @SuppressWarnings("unchecked") // an answer of its own kind
                    public void sendMessage(RespT message) {
                        super.sendMessage(
                                message instanceof AppendEntriesReplyProto reply ? (RespT) synced(reply) : message);
                    }
                },
                headers);
    }

    private AppendEntriesReplyProto synced(AppendEntriesReplyProto reply) {
        // Heartbeats confirm nothing: -1. Looked up only where something is confirmed.
        if (reply.getMatchIndex() < 0) {
            return reply;
        }
        long synced = syncedIndex.getAsLong();
        return reply.getMatchIndex() <= synced
                ? reply
                : reply.toBuilder().setMatchIndex(synced).build();
    }
}
