package io.peerlink.integration.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Empty;
import io.grpc.CallOptions;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
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

    /**
     * Ratis' own calls reach nobody: those without a certificate of the routers' authority have no connection, routers no permission.
     *
     * @param shown the directory with what the routers show
     */
    static void assertRaftPortIsForRouters(String raft, Path shown) {
        ChannelCredentials nobody = trusting(shown).build();
        ChannelCredentials ofClients = keyed(shown, "router");
        ChannelCredentials router = keyed(shown, "raft");
        for (String method : OF_RATIS) {
            for (ChannelCredentials stranger : List.of(InsecureChannelCredentials.create(), nobody, ofClients)) {
                assertThat(status(Grpc.newChannelBuilder(raft, stranger).build(), method))
                        .as(method)
                        .isEqualTo(Status.Code.UNAVAILABLE);
            }
            assertThat(status(Grpc.newChannelBuilder(raft, router).build(), method))
                    .as(method)
                    .isEqualTo(Status.Code.PERMISSION_DENIED);
        }
    }

    private static ChannelCredentials keyed(Path shown, String name) {
        try {
            return trusting(shown)
                    .keyManager(
                            shown.resolve(name + ".pem").toFile(),
                            shown.resolve(name + ".key").toFile())
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static TlsChannelCredentials.Builder trusting(Path shown) {
        try {
            return TlsChannelCredentials.newBuilder()
                    .trustManager(shown.resolve("raft-ca.pem").toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

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
