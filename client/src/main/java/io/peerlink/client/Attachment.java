package io.peerlink.client;

import java.time.Duration;
import java.util.List;

/**
 * What the leader said when this client attached.
 *
 * @param peer this client's name
 * @param incarnation this client's number among all that ever attached as this peer; the same again after a reconnect
 * @param router the leader's id
 * @param address where it was reached, host:port
 * @param term its Raft term
 * @param clusterId the cluster
 * @param registered whether this attach registered the name
 * @param inbox how much waits in the inbox
 * @param limits the cluster's limits
 * @param routers client addresses (host:port) of all routers
 */
public record Attachment(
        String peer,
        long incarnation,
        String router,
        String address,
        long term,
        String clusterId,
        boolean registered,
        Inbox inbox,
        Limits limits,
        List<String> routers) {
    /** Copies the list. */
    public Attachment {
        routers = List.copyOf(routers);
    }

    /**
     * The inbox at the moment of attaching.
     *
     * @param cursor highest confirmed inbox sequence
     * @param head highest inbox sequence
     */
    public record Inbox(long cursor, long head) {}

    /**
     * The cluster's limits.
     *
     * @param bodyBytesMax bytes in a body
     * @param unsettledRequestsMax requests without an outcome on one stream
     * @param ttlMax longest time to live
     */
    public record Limits(int bodyBytesMax, int unsettledRequestsMax, Duration ttlMax) {}
}
