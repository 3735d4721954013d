package io.peerlink.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.peerlink.cli.PeerLinkCli;
import io.peerlink.protocol.v1.ClusterGrpc;
import io.peerlink.protocol.v1.GetRouterRequest;
import io.peerlink.protocol.v1.GetRouterResponse;
import io.peerlink.protocol.v1.RouterRole;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class DoctorCommandTest {
    private static final int OK = 0;

    private final SilentSoon router = new SilentSoon();

    /** Answers as a leader so many times, and never again. */
    private static final class SilentSoon extends ClusterGrpc.ClusterImplBase {
        private final AtomicInteger answers = new AtomicInteger();

        @Override
        public void getRouter(GetRouterRequest request, StreamObserver<GetRouterResponse> response) {
            if (answers.getAndDecrement() <= 0) {
                return;
            }
            response.onNext(GetRouterResponse.newBuilder()
                    .setRouterId("n1")
                    .setClusterId("acme")
                    .setVersion("1")
                    .setRole(RouterRole.LEADER)
                    .setReady(true)
                    .setTerm(1)
                    .setDiskFreeBytes(2_000_000_000)
                    .setDiskTotalBytes(4_000_000_000L)
                    .setClockMs(System.currentTimeMillis())
                    .build());
            response.onCompleted();
        }
    }

    @Test
    void aRouterThatAnswersLateIsWarnedOfAndTheExaminationGoesOn() throws IOException {
        assertThat(examine(1))
                .contains("warn clock n1 does not answer: UNAVAILABLE ask again;")
                .contains("ok version all 1");
    }

    @Test
    void aRouterThatAnswersInTimeIsNot() throws IOException {
        assertThat(examine(2)).contains("ok clock n1").doesNotContain("warn");
    }

    /** What the command says of a router that answers so many questions. */
    private String examine(int answers) throws IOException {
        router.answers.set(answers);
        Server server = NettyServerBuilder.forPort(0).addService(router).build().start();
        PrintStream console = System.out;
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
        try {
            assertThat(PeerLinkCli.execute(
                            "doctor",
                            "--servers",
                            "127.0.0.1:" + server.getPort(),
                            "--timeout",
                            "2s",
                            "--output",
                            "plain"))
                    .isEqualTo(OK);
        } finally {
            System.setOut(console);
            server.shutdownNow();
        }
        return output.toString(StandardCharsets.UTF_8);
    }
}
