package io.peerlink.integration.crowd;

import io.peerlink.client.PeerLinkClient;
import io.peerlink.client.RouterTrust;
import io.peerlink.client.identity.Identity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Peers that are connected and subscribed, and that nobody sends to. */
final class Idlers implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final List<PeerLinkClient> clients = new ArrayList<>();

    private Idlers() {}

    static Idlers attach(List<String> servers, RouterTrust trust, int count) {
        Idlers idlers = new Idlers();
        for (int i = 0; i < count; i++) {
            PeerLinkClient client = PeerLinkClient.builder()
                    .servers(servers)
                    .trust(trust)
                    .identity(Identity.generate("idler-" + i))
                    .connectTimeout(PATIENCE)
                    .agent("crowd")
                    .build()
                    .connect();
            client.subscribe(message -> {});
            idlers.clients.add(client);
        }
        return idlers;
    }

    int count() {
        return clients.size();
    }

    @Override
    public void close() {
        clients.forEach(PeerLinkClient::close);
    }
}
