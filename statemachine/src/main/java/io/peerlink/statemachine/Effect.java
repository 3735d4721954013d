package io.peerlink.statemachine;

import com.google.protobuf.ByteString;
import java.util.Optional;

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

    /**
     * The leader's running hash after an earlier entry arrived for comparison. The only effect that differs between routers.
     *
     * @param index the entry it is of
     * @param leader the leader's hash
     * @param own this router's; empty when it is too long ago, or before the checkpoint that it started from
     */
    record StateCompared(long index, ByteString leader, Optional<ByteString> own) implements Effect {}
}
