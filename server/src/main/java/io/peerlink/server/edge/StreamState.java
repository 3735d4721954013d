package io.peerlink.server.edge;

import io.peerlink.protocol.v1.Attach;

/** Where a stream stands; it only moves down this list. */
sealed interface StreamState {
    /** Nothing came yet. */
    record AwaitingHello() implements StreamState {}

    /** Challenged. */
    record AwaitingAttach(AttachProof proof) implements StreamState {}

    /** The proof is being checked; no frame is read from here until it is attached. */
    record Proving(AttachProof proof) implements StreamState {}

    /** Is who it says, and waits until it is known who leads. */
    record AwaitingLeader(String name, Attach attach) implements StreamState {}

    /** The session is being opened through the log. */
    record Attaching(String name) implements StreamState {}

    /** Attached. */
    record Open(AttachedSession session) implements StreamState {}

    /** Over, for whatever reason. */
    record Ended() implements StreamState {}
}
