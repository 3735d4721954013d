package io.peerlink.cli.shell;

import io.peerlink.cli.CommonOptions;
import io.peerlink.cli.KeyPublication;
import io.peerlink.client.ClientBuilder;
import io.peerlink.client.ConnectionListener;
import io.peerlink.client.PeerLinkClient;
import io.peerlink.client.identity.Identity;
import java.time.Duration;

/** Where the shell gets attached peers from; a seam for tests. */
interface PeerSource {
    /** How long a request stays without an outcome at the least. */
    Duration REQUEST_TIMEOUT_MIN = Duration.ofSeconds(30);

    /** Whether this machine has a key for the name. */
    boolean hasKey(String name);

    /**
     * Attaches as the name; blocks until done or refused.
     *
     * @param register make a key and register the name if need be
     * @throws io.peerlink.client.PeerLinkException the refusal
     */
    PeerLinkClient attach(String name, boolean register, ConnectionListener connections);

    /** A shell lives on through a change of leader, so its requests wait for one even where the user is impatient. */
    static Duration requestTimeout(Duration given) {
        return given.compareTo(REQUEST_TIMEOUT_MIN) < 0 ? REQUEST_TIMEOUT_MIN : given;
    }

    /** Peers of the cluster that the options name, with keys of this machine. */
    static PeerSource of(CommonOptions options) {
        return new PeerSource() {
            @Override
            public boolean hasKey(String name) {
                return Identity.exists(Identity.defaultDirectory(), name);
            }

            @Override
            public PeerLinkClient attach(String name, boolean register, ConnectionListener connections) {
                ClientBuilder builder = register ? options.newPeer(name) : options.existingPeer(name);
                PeerLinkClient client = CommonOptions.sealing(builder)
                        .connectionListener(connections)
                        .requestTimeout(requestTimeout(options.timeout()))
                        .build();
                try {
                    client.connect();
                    if (register) {
                        // Whoever reads that the name is registered may send to it end to end encrypted at once.
                        KeyPublication.await(client, requestTimeout(options.timeout()));
                    }
                    return client;
                } catch (RuntimeException e) {
                    client.close();
                    throw e;
                }
            }
        };
    }
}
