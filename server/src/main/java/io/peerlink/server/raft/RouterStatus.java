package io.peerlink.server.raft;

import java.util.List;
import java.util.Optional;

/**
 * How this router stands in its cluster, at one moment.
 *
 * @param leaderId empty while no leader is known
 * @param leaderAddress where the leader listens for clients
 * @param knownCommitIndex the highest commit index that this router has heard of, also from others
 * @param checkpointIndex index of the newest finished checkpoint; 0 = none
 * @param followed false on a leader that a majority of the members has not answered for some time
 * @param members all routers of the current configuration
 */
public record RouterStatus(
        Role role,
        long term,
        Optional<String> leaderId,
        Optional<String> leaderAddress,
        long commitIndex,
        long knownCommitIndex,
        long appliedIndex,
        long checkpointIndex,
        boolean followed,
        List<Member> members) {

    /** Whether a leader is known that, as far as this router can tell, has a majority. */
    public boolean isLed() {
        return leaderId.isPresent() && followed;
    }

    /** How many entries that are known to be committed are not applied here yet. */
    public long lag() {
        return Math.max(0, knownCommitIndex - appliedIndex);
    }

    public enum Role {
        LEADER,
        FOLLOWER,
        CANDIDATE,
        STARTING
    }

    /** One router of the cluster. */
    public record Member(String id, String clientAddress, String raftAddress) {}
}
