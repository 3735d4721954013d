package io.peerlink.client;

/** What happened to the connection. */
public sealed interface ConnectionEvent {
    /** The search for the leader begins, at start or after a loss. */
    record Connecting() implements ConnectionEvent {}

    /** Attached to a leader. */
    record Attached(Attachment attachment) implements ConnectionEvent {}

    /**
     * The leader was lost; the client searches on by itself and nothing is forgotten.
     *
     * @param reason for people
     */
    record Lost(String reason) implements ConnectionEvent {}

    /** A router refused for good; the client gives up and everything pending fails with {@code error}. */
    record Refused(PeerLinkException error) implements ConnectionEvent {}

    /** The program closed the client. The last one. */
    record Closed() implements ConnectionEvent {}
}
