package io.peerlink.integration.crowd;

import io.grpc.ManagedChannel;
import io.peerlink.client.OutgoingMessage;
import io.peerlink.client.PeerLinkClient;
import io.peerlink.client.SendReceipt;
import io.peerlink.client.identity.Identity;
import io.peerlink.integration.cluster.Frames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

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

    static StalledPeers gather(List<String> servers, Route route, int count) {
        StalledPeers stalled = new StalledPeers();
        if (count == 0) {
            return stalled;
        }
        try (PeerLinkClient sender = PeerLinkClient.builder()
                .servers(servers)
                .trust(Crowd.trust(route.authority()))
                .identity(Identity.generate("crowd-sender"))
                .connectTimeout(PATIENCE)
                .agent("crowd")
                .build()
                .connect()) {
            sender.createGroup(GROUP).join();
            for (int i = 0; i < count; i++) {
                stalled.peers.add(Stalled.join(route, Identity.generate("stalled-" + i)));
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
    private record Stalled(ManagedChannel channel, RawPeer peer) {
        static Stalled join(Route route, Identity identity) {
            ManagedChannel channel =
                    route.channel().initialFlowControlWindow(WINDOW_BYTES).build();
            Errand.Plan join = new Errand.Plan(List.of(List.of(Frames.joinGroup(GROUP))), false);
            return new Stalled(channel, Errand.run(channel, identity, join));
        }

        void subscribe() {
            peer.send(Frames.subscribe(CREDIT));
        }

        void close() {
            channel.shutdownNow();
        }
    }
}
