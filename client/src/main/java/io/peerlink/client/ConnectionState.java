package io.peerlink.client;

/** How a client stands to its cluster. */
public enum ConnectionState {
    /** Looking for the leader. */
    CONNECTING,
    /** Attached to the leader. */
    ATTACHED,
    /** A router refused for good; see the event or {@link PeerLinkClient#connect}. */
    REFUSED,
    /** Closed by the program. */
    CLOSED
}
