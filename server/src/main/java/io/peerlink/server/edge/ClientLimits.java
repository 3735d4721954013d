package io.peerlink.server.edge;

import io.peerlink.server.config.ServerConfig;
import io.peerlink.server.raft.LinearizableReads;

/** What clients have used up of what they may: peers' rates, addresses' connections and registrations. Any thread. */
public record ClientLimits(SendAllowances sends, ConnectionCounts connections, Registrations registrations) {
    /**
     * @param state who is registered
     */
    public static ClientLimits of(ServerConfig config, LinearizableReads state) {
        return new ClientLimits(
                new SendAllowances(config.limits()),
                new ConnectionCounts(config.connections()),
                new Registrations(config.limits(), state));
    }
}
