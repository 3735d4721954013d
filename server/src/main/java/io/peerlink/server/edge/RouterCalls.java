package io.peerlink.server.edge;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.peerlink.protocol.v1.ClusterGrpc;
import io.peerlink.protocol.v1.IntroduceRequest;
import io.peerlink.protocol.v1.IntroduceResponse;
import io.peerlink.protocol.v1.RouterIdentity;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Calls from router to router on the port for clients. Rare: each opens a connection of its own. */
final class RouterCalls {
    private static final long TIMEOUT_MS = 2_000;

    private RouterCalls() {}

    /**
     * Introduces this router to another.
     *
     * @param address host:port where the other one listens for clients
     * @return its answer on a network thread; fails if it does not give one within two seconds
     */
    static CompletableFuture<IntroduceResponse> introduce(String address, RouterIdentity self) {
        CompletableFuture<IntroduceResponse> answer = new CompletableFuture<>();
        int colon = address.lastIndexOf(':');
        String host = address.substring(0, colon).replaceAll("[\\[\\]]", "");
        ManagedChannel channel = NettyChannelBuilder.forAddress(host, Integer.parseInt(address.substring(colon + 1)))
                .usePlaintext()
                .directExecutor()
                .disableRetry()
                .build();
        ClusterGrpc.newStub(channel)
                .withDeadlineAfter(TIMEOUT_MS, TimeUnit.MILLISECONDS)
                .introduce(
                        IntroduceRequest.newBuilder().setSelf(self).build(), new StreamObserver<IntroduceResponse>() {
                            @Override
                            public void onNext(IntroduceResponse response) {
                                answer.complete(response);
                            }

                            @Override
                            public void onError(Throwable failure) {
                                answer.completeExceptionally(failure);
                                channel.shutdownNow();
                            }

                            @Override
                            public void onCompleted() {
                                channel.shutdownNow();
                            }
                        });
        return answer;
    }
}
