package io.peerlink.client.admin;

import java.time.Duration;

/** Asks routers how they are; any router answers about itself, leader or not. Thread-safe; calls block. */
public final class ClusterClient implements AutoCloseable {
    private final Duration timeout;

    /** Each call opens a connection of its own and takes at most {@code timeout}. */
    public ClusterClient(Duration timeout) {
        this.timeout = timeout;
    }

    /**
     * How this router is.
     *
     * @param hostPort where it listens for clients
     * @throws io.peerlink.client.PeerLinkException UNAVAILABLE if it does not answer in time, or its refusal
     */
    public RouterInfo router(String hostPort) {
        return ask(hostPort, false);
    }

    /** As {@link #router}, with a digest over its whole state; slow on a large one. */
    public RouterInfo routerWithDigest(String hostPort) {
        return ask(hostPort, true);
    }

    private RouterInfo ask(String hostPort, boolean withDigest) {
        throw new UnsupportedOperationException(hostPort + withDigest + timeout);
    }

    /** Nothing to release today; here so that programs need not change when connections are kept. */
    @Override
    public void close() {}
}
