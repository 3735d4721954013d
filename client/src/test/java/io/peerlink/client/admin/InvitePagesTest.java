package io.peerlink.client.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.peerlink.protocol.v1.AdministrationGrpc;
import io.peerlink.protocol.v1.ClusterGrpc;
import io.peerlink.protocol.v1.GetRouterRequest;
import io.peerlink.protocol.v1.GetRouterResponse;
import io.peerlink.protocol.v1.Invite;
import io.peerlink.protocol.v1.ListInvitesRequest;
import io.peerlink.protocol.v1.ListInvitesResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class InvitePagesTest {
    private final Invites invites = new Invites();
    private Server server;

    @BeforeEach
    void serve() throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .directExecutor()
                .addService(new LeadingRouter())
                .addService(invites)
                .build()
                .start();
    }

    @AfterEach
    void stop() {
        server.shutdownNow();
    }

    private List<String> listed(int pageSize) {
        return new ClusterAdmin(List.of("127.0.0.1:" + server.getPort()), Duration.ofSeconds(10))
                .invites(pageSize).stream().map(InviteInfo::codeHash).toList();
    }

    @Test
    void goesThroughAllPages() {
        assertThat(listed(3)).containsExactly("00", "01", "02", "03", "04", "05", "06");
        assertThat(invites.asked).extracting(ListInvitesRequest::getPageSize).containsExactly(3, 3, 3);
        assertThat(listed(7)).hasSize(7);
        assertThat(invites.asked).hasSize(4);
    }

    @Test
    void takesWhatARouterWithoutPagesGives() {
        invites.knowPages = false;

        assertThat(listed(3)).containsExactly("00", "01", "02");
    }

    private static final class LeadingRouter extends ClusterGrpc.ClusterImplBase {
        @Override
        public void getRouter(GetRouterRequest request, StreamObserver<GetRouterResponse> answer) {
            answer.onNext(GetRouterResponse.newBuilder().setReady(true).build());
            answer.onCompleted();
        }
    }

    /** Seven invites. */
    private static final class Invites extends AdministrationGrpc.AdministrationImplBase {
        private final List<ListInvitesRequest> asked = new ArrayList<>();
        private boolean knowPages = true;

        @Override
        public void listInvites(ListInvitesRequest request, StreamObserver<ListInvitesResponse> answer) {
            asked.add(request);
            int from = request.getAfterCodeHash().isEmpty() || !knowPages
                    ? 0
                    : request.getAfterCodeHash().byteAt(0) + 1;
            int end = Math.min(7, from + request.getPageSize());
            ListInvitesResponse.Builder page = ListInvitesResponse.newBuilder().setMore(end < 7);
            IntStream.range(from, end)
                    .forEach(hash -> page.addInvites(
                            Invite.newBuilder().setCodeHash(ByteString.copyFrom(new byte[] {(byte) hash}))));
            answer.onNext(page.build());
            answer.onCompleted();
        }
    }
}
