package io.peerlink.client.admin;

import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * How one router is, by its own account.
 *
 * @param routerId its id
 * @param clusterId its cluster
 * @param version its version
 * @param role its Raft role
 * @param ready true on a leader that serves
 * @param term its Raft term
 * @param leader the leader it knows of
 * @param log its place in the log
 * @param sessions attached sessions
 * @param uptime since its start
 * @param disk that holds its data
 * @param clock its clock when it answered
 * @param routers all routers of the cluster
 * @param digest over its whole state, if asked for
 * @param load how busy it is, if asked for
 */
public record RouterInfo(
        String routerId,
        String clusterId,
        String version,
        Role role,
        boolean ready,
        long term,
        Optional<Leader> leader,
        LogState log,
        int sessions,
        Duration uptime,
        Disk disk,
        Instant clock,
        List<RouterAddress> routers,
        Optional<StateDigest> digest,
        Optional<Load> load) {
    /** Copies the list. */
    public RouterInfo {
        routers = List.copyOf(routers);
    }

    /** A Raft role. */
    public enum Role {
        /** Serves clients. */
        LEADER,
        /** A backup. */
        FOLLOWER,
        /** Asking for votes. */
        CANDIDATE,
        /** Not up yet. */
        STARTING,
        /** A role this library does not know. */
        UNKNOWN
    }

    /**
     * The leader.
     *
     * @param routerId its id
     * @param address where it listens for clients; empty if unknown
     */
    public record Leader(String routerId, String address) {}

    /**
     * Raft log indexes.
     *
     * @param committed safe on a majority
     * @param applied in this router's state
     * @param checkpoint in its newest checkpoint; 0 for none
     */
    public record LogState(long committed, long applied, long checkpoint) {}

    /**
     * Room on a disk, in bytes.
     *
     * @param free left for the router
     * @param total its size
     */
    public record Disk(long free, long total) {}

    /**
     * How busy a router is.
     *
     * @param requests that sessions sent to it since its start
     * @param deliveries messages and receipts that it pushed since its start
     * @param backlog messages and receipts that wait in all inboxes, as of some seconds ago
     * @param commitP99 what 99 of 100 of its latest log entries took to be safe and applied; zero if it led none
     * @param residentBytes memory of its process; 0 if not known
     */
    public record Load(long requests, long deliveries, long backlog, Duration commitP99, long residentBytes) {}

    /**
     * A router of the cluster.
     *
     * @param routerId its id
     * @param clientAddress host:port for clients
     * @param raftAddress host:port for routers
     */
    public record RouterAddress(String routerId, String clientAddress, String raftAddress) {}

    /**
     * A digest over all tables, to compare routers.
     *
     * @param hex SHA-256
     * @param index the last log index it includes
     */
    public record StateDigest(String hex, long index) {
        static StateDigest of(byte[] bytes, long index) {
            return new StateDigest(HexFormat.of().formatHex(bytes), index);
        }
    }
}
