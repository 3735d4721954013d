package io.peerlink.server.raft;

import io.peerlink.server.raft.RouterStatus.Member;

/** What operators may do to the set of routers. */
public sealed interface MembershipChange {
    /** One more. */
    record Add(Member router) implements MembershipChange {}

    /** One less. */
    record Remove(String routerId) implements MembershipChange {}

    /** One goes as another comes, in one step. */
    record Replace(String oldRouterId, Member router) implements MembershipChange {}
}
