package io.peerlink.client.session;

import io.peerlink.client.PeerLinkException;

/**
 * Where a session is.
 *
 * <pre>
 *   Searching --attached--> Live --lost--> Searching
 *       |                     |
 *       +-----refused---------+--> Refused --close--> Closed
 *       +-----close-----------+--> Closed
 * </pre>
 */
sealed interface SessionState {
    /** Looking for the leader. */
    record Searching() implements SessionState {}

    /** Attached to the leader. */
    record Live(LiveStream stream) implements SessionState {}

    /** Refused for good. */
    record Refused(PeerLinkException error) implements SessionState {}

    /** Closed by the program. */
    record Closed(PeerLinkException error) implements SessionState {}
}
