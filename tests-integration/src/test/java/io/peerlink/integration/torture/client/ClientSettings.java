package io.peerlink.integration.torture.client;

import java.nio.file.Path;
import java.util.List;

/**
 * What a client process is told.
 *
 * @param client its number
 * @param directory where all processes of the run write; holds keys and cursors too
 * @param servers where routers listen
 * @param seed of the run
 * @param runId stamped into every body
 * @param cast how many take part
 * @param paceMs pause of a peer between two requests
 */
public record ClientSettings(
        int client, Path directory, List<String> servers, long seed, long runId, Cast cast, int paceMs) {
    /**
     * How many take part.
     *
     * @param clients processes
     * @param peersPerClient SDK peers in each
     * @param groups groups
     */
    public record Cast(int clients, int peersPerClient, int groups) {
        public int peers() {
            return clients * peersPerClient;
        }
    }
}
