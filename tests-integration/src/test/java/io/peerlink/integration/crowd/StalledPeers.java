package io.peerlink.integration.crowd;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import io.peerlink.client.OutgoingMessage;
import io.peerlink.client.PeerLinkClient;
import io.peerlink.client.SendReceipt;
import io.peerlink.client.identity.Identity;
import io.peerlink.integration.cluster.Frames;
import io.peerlink.protocol.v1.ClientFrame;
import io.peerlink.protocol.v1.JoinGroup;
import io.peerlink.protocol.v1.Request;
import io.peerlink.protocol.v1.RouterFrame;
import io.peerlink.protocol.v1.RouterGrpc;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Members of one group that was sent more than connections hold, who then subscribe with all the credit there is and read nothing from
 * their connections.
 */
final class StalledPeers implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String GROUP = "crowd-group";
    private static final int MESSAGES = 2_000;
    private static final int BODY_BYTES = 1_000;
    private static final int CREDIT = 1_000_000;
    /** The least that a client may offer, so that little is held here and the router has to hold the rest. */
    private static final int WINDOW_BYTES = 65_535;

    private final List<Stalled> peers = new ArrayList<>();

    private StalledPeers() {}

    static StalledPeers gather(List<String> servers, String leader, int count) {
        StalledPeers stalled = new StalledPeers();
        if (count == 0) {
            return stalled;
        }
        try (PeerLinkClient sender = PeerLinkClient.builder()
                .servers(servers)
                .identity(Identity.generate("crowd-sender"))
                .connectTimeout(PATIENCE)
                .agent("crowd")
                .build()
                .connect()) {
            sender.createGroup(GROUP).join();
            for (int i = 0; i < count; i++) {
                Stalled peer = new Stalled(leader, Identity.generate("stalled-" + i));
                stalled.peers.add(peer);
                peer.awaitMember();
            }
            List<CompletableFuture<SendReceipt>> sends = new ArrayList<>();
            for (int i = 0; i < MESSAGES; i++) {
                sends.add(sender.sendAsync(OutgoingMessage.text(GROUP, "x".repeat(BODY_BYTES))));
            }
            sends.forEach(CompletableFuture::join);
        }
        return stalled;
    }

    /** From now on they are sent what connections hold, and read nothing of it. */
    void stall() {
        peers.forEach(Stalled::subscribe);
    }

    int count() {
        return peers.size();
    }

    @Override
    public void close() {
        peers.forEach(Stalled::close);
    }

    /** One of them: reads a challenge, its attachment and the outcome of joining, and no more. */
    private static final class Stalled implements ClientResponseObserver<ClientFrame, RouterFrame> {
        private static final int FRAMES_READ = 3;

        private final Identity identity;
        private final ManagedChannel channel;
        private final StreamObserver<ClientFrame> out;
        private final CompletableFuture<RouterFrame> joined = new CompletableFuture<>();

        Stalled(String address, Identity identity) {
            this.identity = identity;
            this.channel = NettyChannelBuilder.forTarget(address)
                    .usePlaintext()
                    .initialFlowControlWindow(WINDOW_BYTES)
                    .build();
            this.out = RouterGrpc.newStub(channel).session(this);
            out.onNext(Frames.hello(identity.name()));
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<ClientFrame> stream) {
            stream.disableAutoRequestWithInitial(FRAMES_READ);
        }

        @Override
        public void onNext(RouterFrame frame) {
            switch (frame.getKindCase()) {
                case CHALLENGE -> out.onNext(Frames.frame(Frames.attach(identity, frame.getChallenge())));
                case ATTACHED -> {
                    Request join = Request.newBuilder()
                            .setJoinGroup(JoinGroup.newBuilder().setGroup(GROUP))
                            .build();
                    out.onNext(Frames.requests(1, join));
                }
                case OUTCOMES -> joined.complete(frame);
                default -> joined.completeExceptionally(new IllegalStateException(identity.name() + " got " + frame));
            }
        }

        @Override
        public void onError(Throwable failure) {
            joined.completeExceptionally(failure);
        }

        @Override
        public void onCompleted() {
            joined.completeExceptionally(new IllegalStateException(identity.name() + " was sent away"));
        }

        void awaitMember() {
            RouterFrame outcome =
                    joined.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
            if (outcome.getOutcomes().getRunsList().stream().anyMatch(run -> run.hasRefused())) {
                throw new IllegalStateException(identity.name() + " may not join: " + outcome);
            }
        }

        void subscribe() {
            out.onNext(Frames.subscribe(CREDIT));
        }

        void close() {
            channel.shutdownNow();
        }
    }
}
