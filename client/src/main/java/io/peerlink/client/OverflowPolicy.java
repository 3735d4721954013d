package io.peerlink.client;

/** What a send does when as much as allowed is under way. */
public enum OverflowPolicy {
    /** The caller waits. */
    BLOCK,
    /** The future fails at once with WINDOW_FULL. */
    FAIL
}
