package io.peerlink.server.edge;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.stub.StreamObserver;
import io.peerlink.protocol.v1.ClusterGrpc;
import io.peerlink.protocol.v1.GetStateHashRequest;
import io.peerlink.protocol.v1.GetStateHashResponse;
import io.peerlink.protocol.v1.IntroduceRequest;
import io.peerlink.protocol.v1.IntroduceResponse;
import io.peerlink.protocol.v1.RouterIdentity;
import io.peerlink.server.config.ServerConfig.HostPort;
import io.peerlink.server.raft.RouterStatus.Member;
import io.peerlink.server.tls.RouterTls;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/** Calls from router to router on the port for clients. Rare: each opens a connection of its own. */
public final class RouterCalls {
    private static final long TIMEOUT_MS = 2_000;

    private final Optional<SslContext> ssl;

    /**
     * Calls by TLS, or in plain text.
     *
     * @param tls empty: plain text
     */
    public RouterCalls(Optional<RouterTls> tls) {
        this.ssl = tls.map(TlsContexts::forCalls);
    }

    /**
     * Introduces this router to another.
     *
     * @param address host:port where the other one listens for clients
     * @return its answer on a network thread; fails if it does not give one within two seconds
     */
    CompletableFuture<IntroduceResponse> introduce(String address, RouterIdentity self) {
        IntroduceRequest request = IntroduceRequest.newBuilder().setSelf(self).build();
        return call(address, (router, answer) -> router.introduce(request, answer));
    }

    /** What another router's state hashed to after an entry; as {@link #introduce}. Empty if it does not know. */
    public CompletableFuture<Optional<ByteString>> stateHash(String clusterId, Member router, long index) {
        GetStateHashRequest request =
                GetStateHashRequest.newBuilder().setIndex(index).build();
        return this.<GetStateHashResponse>call(
                        router.clientAddress(), (stub, answer) -> stub.getStateHash(request, answer))
                .thenApply(response -> Optional.of(response)
                        .filter(told -> told.getRouterId().equals(router.id())
                                && told.getClusterId().equals(clusterId)
                                && !told.getHash().isEmpty())
                        .map(GetStateHashResponse::getHash));
    }

    private <T> CompletableFuture<T> call(
            String address, BiConsumer<ClusterGrpc.ClusterStub, StreamObserver<T>> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        HostPort router = HostPort.of(address);
        NettyChannelBuilder builder = NettyChannelBuilder.forAddress(router.host(), router.port())
                .directExecutor()
                .disableRetry();
        ssl.ifPresentOrElse(builder::sslContext, builder::usePlaintext);
        ManagedChannel channel = builder.build();
        question.accept(
                ClusterGrpc.newStub(channel).withDeadlineAfter(TIMEOUT_MS, TimeUnit.MILLISECONDS),
                new StreamObserver<T>() {
                    @Override
                    public void onNext(T response) {
                        answer.complete(response);
                    }

                    @Override
                    public void onError(Throwable failure) {
                        answer.completeExceptionally(failure);
                        channel.shutdownNow();
                    }

                    @Override
                    public void onCompleted() {
                        // Without effect if there was an answer.
                        answer.completeExceptionally(new IllegalStateException(address + " gave no answer"));
                        channel.shutdownNow();
                    }
                });
        return answer;
    }
}
