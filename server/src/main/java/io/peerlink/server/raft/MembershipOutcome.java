package io.peerlink.server.raft;

import java.util.Optional;

/** How an administrative request ended. */
public sealed interface MembershipOutcome {
    /**
     * Done and committed.
     *
     * @param routerId the router that it is about: the leader after a transfer, else this one
     */
    record Done(String routerId) implements MembershipOutcome {}

    /** Nothing was done: another router leads. */
    record NotLeader(Optional<String> leaderAddress) implements MembershipOutcome {}

    /** Nothing was changed. */
    record Refused(Reason reason, String detail) implements MembershipOutcome {}

    /** Leadership changed in the middle: it may or may not be done. */
    record Unknown(String detail) implements MembershipOutcome {}

    /** Why not. */
    enum Reason {
        /** No router of the cluster has this id. */
        UNKNOWN_ROUTER,
        /** The cluster has a router with this id or one of these addresses. */
        ROUTER_EXISTS,
        /** A majority of what would be left does not answer now. */
        NO_MAJORITY,
        /** Another change is under way, or the members changed meanwhile. */
        BUSY,
        /** The new router, or the new leader, does not keep up or does not answer. */
        NO_PROGRESS
    }
}
