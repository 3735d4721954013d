package org.apache.ratis.server.impl;

import java.util.Arrays;
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
    /** Longer than an election waits. */
    private static final long LOST_MAX_MS = 3_000;
    /** More than a division has. */
    private static final int THREADS_MAX = 256;

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

    /**
     * Ends the wait of an election that this router has lost: it follows again, and its election still waits for a silent router's
     * answer. Ratis (3.3.0) gives its vote to another candidate only when that wait is over, up to a whole time-out after the vote
     * was written ({@code RaftServerImpl.requestVote} joins the loser's thread). To be called often; any thread; takes the
     * division's lock.
     */
    public static void endLost(RaftServer.Division division) {
        RaftServerImpl server = (RaftServerImpl) division;
        synchronized (server) {
            if (server.getInfo().isFollower() && server.getRole().getRoleElapsedTimeMs() < LOST_MAX_MS) {
                interruptWaiting(server.getThreadGroup());
            }
        }
    }

    /** Only while no election of theirs can win: a closed one looks whether it may go on, and ends. */
    static void interruptWaiting(ThreadGroup group) {
        Thread[] threads = new Thread[THREADS_MAX];
        int count = group.enumerate(threads);
        for (Thread thread : Arrays.asList(threads).subList(0, count)) {
            if (waitsForVotes(thread)) {
                thread.interrupt();
            }
        }
    }

    private static boolean waitsForVotes(Thread thread) {
        return thread.getState() == Thread.State.TIMED_WAITING
                && Arrays.stream(thread.getStackTrace())
                        .anyMatch(frame -> frame.getClassName().equals(LeaderElection.class.getName())
                                && frame.getMethodName().equals("waitForResults"));
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
