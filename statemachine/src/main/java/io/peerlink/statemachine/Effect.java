package io.peerlink.statemachine;

/** What others than the proposer should hear after an apply. Immutable. */
public sealed interface Effect {
    /**
     * The peer's inbox grew.
     *
     * @param head newest inbox sequence now
     */
    record InboxAppended(String peer, long head) implements Effect {}

    /**
     * The peer confirmed more of its inbox.
     *
     * @param cursor confirmed inbox sequence now
     */
    record CursorMoved(String peer, long cursor) implements Effect {}
}
