package io.peerlink.integration.cluster;

import com.google.protobuf.Empty;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import java.util.List;

/** A call of a method by its name alone. */
final class RawCall {
    /** What Ratis offers to its own clients and administrators. */
    static final List<String> OF_RATIS = List.of(
            "ratis.grpc.RaftClientProtocolService/unordered",
            "ratis.grpc.RaftClientProtocolService/ordered",
            "ratis.grpc.AdminProtocolService/setConfiguration",
            "ratis.grpc.AdminProtocolService/transferLeadership",
            "ratis.grpc.AdminProtocolService/groupManagement",
            "ratis.grpc.AdminProtocolService/groupInfo");

    private RawCall() {}

    /** How it ends; closes the channel. */
    static Status.Code status(ManagedChannel channel, String method) {
        try {
            MethodDescriptor<Empty, Empty> descriptor = MethodDescriptor.<Empty, Empty>newBuilder()
                    .setType(MethodDescriptor.MethodType.UNARY)
                    .setFullMethodName(method)
                    .setRequestMarshaller(ProtoUtils.marshaller(Empty.getDefaultInstance()))
                    .setResponseMarshaller(ProtoUtils.marshaller(Empty.getDefaultInstance()))
                    .build();
            ClientCalls.blockingUnaryCall(channel, descriptor, CallOptions.DEFAULT, Empty.getDefaultInstance());
            return Status.Code.OK;
        } catch (StatusRuntimeException e) {
            return e.getStatus().getCode();
        } finally {
            channel.shutdownNow();
        }
    }
}
