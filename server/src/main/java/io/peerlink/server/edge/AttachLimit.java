package io.peerlink.server.edge;

/** Which rate an attach went beyond. */
public enum AttachLimit {
    /** Of an address, under names that are not registered with the key that was shown. */
    REGISTRATIONS,
    /** Of a peer, under its own name. */
    SESSIONS
}
