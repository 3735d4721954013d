package org.apache.ratis.server.impl;

import java.util.Objects;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.jspecify.annotations.Nullable;

/**
 * Starts the election that a follower would start by itself after the election time-out, for a caller who has proof that the
 * leader is gone. It is Ratis' own election with its pre-vote: it needs a majority, and an up-to-date log, as ever. The proof
 * only replaces the wait, so a wrong proof costs a round of pre-votes and no leadership.
 */
public final class EarlyElection {
    private EarlyElection() {}

    /**
     * Forgets the leader of a term, so that this follower answers the pre-vote of another without waiting out the time-out.
     * Any thread; takes the division's lock.
     *
     * @return whether it followed that leader in that term
     */
    public static boolean forget(RaftServer.Division division, RaftPeerId leader, long term) {
        RaftServerImpl server = (RaftServerImpl) division;
        synchronized (server) {
            if (!follows(server, leader, term)) {
                return false;
            }
            server.getState().setLeader(null, "its port is closed");
            return true;
        }
    }

    /**
     * Stands for election if this is still a follower in that term, of that leader. Any thread; takes the division's lock.
     *
     * @param leader whom it follows; null: nobody (any more)
     * @return whether it stood
     */
    public static boolean stand(RaftServer.Division division, @Nullable RaftPeerId leader, long term) {
        RaftServerImpl server = (RaftServerImpl) division;
        synchronized (server) {
            if (!follows(server, leader, term) || isBusy(server)) {
                return false;
            }
            server.changeToCandidate(false);
            return true;
        }
    }

    /** In the middle of an append or of a snapshot, as Ratis' own path asks too. */
    private static boolean isBusy(RaftServerImpl server) {
        return server.getRole()
                .getFollowerState()
                .map(state -> state.getOutstandingOp() != 0)
                .orElse(false);
    }

    private static boolean follows(RaftServerImpl server, @Nullable RaftPeerId leader, long term) {
        return server.isRunning()
                && server.getInfo().isFollower()
                && server.getInfo().getCurrentTerm() == term
                && Objects.equals(leader, server.getState().getLeaderId());
    }
}
