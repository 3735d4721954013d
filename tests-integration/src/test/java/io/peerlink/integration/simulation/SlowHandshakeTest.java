package io.peerlink.integration.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.stub.StreamObserver;
import io.peerlink.integration.simulation.Plan.Trouble;
import io.peerlink.protocol.v1.ClientFrame;
import io.peerlink.protocol.v1.Hello;
import io.peerlink.protocol.v1.RouterFrame;
import io.peerlink.protocol.v1.RouterGrpc;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Seed 3002566: a client that stood still in the middle of the handshake was refused for good. */
final class SlowHandshakeTest {
    private static final long SECOND = 1_000_000_000;

    private final Scheduler scheduler = new Scheduler(1, new Trace(null));
    private final Network network = new Network(scheduler, new Network.Weather(1_000_000, 1_000_000, 10, null));
    private final Plan plan =
            new Plan(1, 1, 0, 0, SECOND, EnumSet.noneOf(Trouble.class), 0, Duration.ofDays(1), network.weather());

    private static final class Heard implements StreamObserver<RouterFrame> {
        private final List<RouterFrame.KindCase> frames = new ArrayList<>();
        private boolean over;

        @Override
        public void onNext(RouterFrame frame) {
            frames.add(frame.getKindCase());
        }

        @Override
        public void onError(Throwable failure) {
            throw new AssertionError(failure);
        }

        @Override
        public void onCompleted() {
            over = true;
        }
    }

    private void pass(long nanos) {
        long until = scheduler.now() + nanos;
        while (scheduler.step(until)) {
            // The next one.
        }
    }

    @Test
    void whoDoesNotAttachInTimeMayTryAgain() {
        try (Databases databases = new Databases()) {
            Cluster cluster = new Cluster(plan, network, databases, null);
            pass(3 * SECOND);
            assertThat(cluster.serving()).isPresent();
            Heard heard = new Heard();
            StreamObserver<ClientFrame> requests = RouterGrpc.newStub(network.channel(
                            new VirtualProcess(scheduler, "client"),
                            cluster.addresses().get(0)))
                    .session(heard);
            requests.onNext(ClientFrame.newBuilder()
                    .setHello(Hello.newBuilder().setProtocolVersion(1).setName("p0"))
                    .build());
            pass(10 * SECOND);
            assertThat(heard.frames).containsExactly(RouterFrame.KindCase.CHALLENGE, RouterFrame.KindCase.GOING_AWAY);
            assertThat(heard.over).isTrue();
        }
    }
}
