package io.peerlink.server.edge;

/** Where a stream stands; it only moves down this list. */
sealed interface StreamState {
    /** Nothing came yet. */
    record AwaitingHello() implements StreamState {}

    /** Said Hello, while nobody led; no frame is read meanwhile. */
    record AwaitingLeader(String name) implements StreamState {}

    /** Challenged. */
    record AwaitingAttach(AttachProof proof) implements StreamState {}

    /** The proof is being checked and the session opened through the log; no frame is read meanwhile. */
    record Attaching(AttachProof proof) implements StreamState {}

    /** Attached. */
    record Open(AttachedSession session) implements StreamState {}

    /** Over, for whatever reason. */
    record Ended() implements StreamState {}
}
