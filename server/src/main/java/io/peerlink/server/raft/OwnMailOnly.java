package io.peerlink.server.raft;

import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.ReadIndexRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.ServerCallHandler;
import org.apache.ratis.thirdparty.io.grpc.ServerInterceptor;
import org.apache.ratis.thirdparty.io.grpc.Status;

/**
 * Refuses what is addressed to another router. Ratis does not look: a router that came to the address of one that lost its
 * disk would answer for it, vote and confirm in its name, before anybody replaced it.
 */
final class OwnMailOnly implements ServerInterceptor {
    private final ByteString ownId;

    OwnMailOnly(String routerId) {
        this.ownId = RaftPeerId.valueOf(routerId).toByteString();
    }

    @Override
    public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
            ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
        return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
            private boolean refused;

            @Override
            public void onMessage(ReqT message) {
                if (!refused && isForThisRouter(message)) {
                    super.onMessage(message);
                } else if (!refused) {
                    refused = true;
                    call.close(
                            Status.FAILED_PRECONDITION.withDescription("another router listens here now"),
                            new Metadata());
                }
            }

            @Override
            public void onHalfClose() {
                if (!refused) {
                    super.onHalfClose();
                }
            }
        };
    }

    private boolean isForThisRouter(Object message) {
        if (message instanceof AppendEntriesRequestProto append) {
            return isForThisRouter(append.getServerRequest());
        }
        if (message instanceof RequestVoteRequestProto vote) {
            return isForThisRouter(vote.getServerRequest());
        }
        if (message instanceof InstallSnapshotRequestProto snapshot) {
            return isForThisRouter(snapshot.getServerRequest());
        }
        if (message instanceof ReadIndexRequestProto read) {
            return isForThisRouter(read.getServerRequest());
        }
        return !(message instanceof StartLeaderElectionRequestProto election)
                || isForThisRouter(election.getServerRequest());
    }

    private boolean isForThisRouter(RaftRpcRequestProto request) {
        return request.getReplyId().equals(ownId);
    }
}
