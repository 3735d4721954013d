package io.peerlink.client.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.peerlink.client.ErrorCode;
import io.peerlink.client.PeerLinkException;
import io.peerlink.protocol.v1.ClusterGrpc;
import io.peerlink.protocol.v1.GetRouterRequest;
import io.peerlink.protocol.v1.GetRouterResponse;
import io.peerlink.protocol.v1.RouterRole;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClusterClientTest {
    private final ClusterClient client = new ClusterClient(Duration.ofSeconds(10));

    private static Server serve() throws IOException {
        return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .directExecutor()
                .addService(new ClusterGrpc.ClusterImplBase() {
                    @Override
                    public void getRouter(GetRouterRequest request, StreamObserver<GetRouterResponse> answer) {
                        answer.onNext(GetRouterResponse.newBuilder()
                                .setRouterId("r2")
                                .setRole(RouterRole.FOLLOWER)
                                .setLeaderId("r1")
                                .setLeaderAddress("localhost:7401")
                                .setCommitIndex(42)
                                .build());
                        answer.onCompleted();
                    }
                })
                .build()
                .start();
    }

    @Test
    void tellsHowARouterIs() throws IOException {
        Server server = serve();
        try {
            RouterInfo info = client.router("127.0.0.1:" + server.getPort());

            assertThat(info.role()).isEqualTo(RouterInfo.Role.FOLLOWER);
            assertThat(info.leader()).isEqualTo(Optional.of(new RouterInfo.Leader("r1", "localhost:7401")));
            assertThat(info.log().committed()).isEqualTo(42);
            assertThat(info.digest()).isEmpty();
        } finally {
            server.shutdownNow();
        }
    }

    @Test
    void saysWhenNobodyIsThere() throws IOException {
        Server server = serve();
        int port = server.getPort();
        server.shutdownNow();

        assertThatThrownBy(() -> client.router("127.0.0.1:" + port))
                .isInstanceOfSatisfying(PeerLinkException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE);
                    assertThat(e.retryable()).isTrue();
                });
    }
}
