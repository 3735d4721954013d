package io.peerlink.server.edge;

import io.peerlink.server.config.ServerConfig;

/** What clients have used up of what they may: peers' rates, addresses' connections. Any thread. */
public record ClientLimits(SendAllowances sends, ConnectionCounts connections) {
    public static ClientLimits of(ServerConfig config) {
        return new ClientLimits(new SendAllowances(config.limits()), new ConnectionCounts(config.connections()));
    }
}
