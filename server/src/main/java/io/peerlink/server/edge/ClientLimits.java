package io.peerlink.server.edge;

import io.peerlink.server.config.ServerConfig;
import io.peerlink.server.raft.LinearizableReads;

/** What clients have used up of what they may: how fast they send, connect and attach. Any thread. */
public record ClientLimits(SendAllowances sends, ConnectionCounts connections, AttachRates attaches) {
    /**
     * @param state who is registered
     */
    public static ClientLimits of(ServerConfig config, LinearizableReads state) {
        return new ClientLimits(
                new SendAllowances(config.limits()),
                new ConnectionCounts(config.connections()),
                new AttachRates(config.limits(), state));
    }
}
