package io.peerlink.server.raft;

import java.util.List;
import java.util.Optional;

/**
 * How this router stands in its cluster, at one moment.
 *
 * @param leaderId empty while no leader is known
 * @param leaderAddress where the leader listens for clients
 * @param checkpointIndex index of the newest finished checkpoint; 0 = none
 * @param members all routers of the current configuration
 */
public record RouterStatus(
        Role role,
        long term,
        Optional<String> leaderId,
        Optional<String> leaderAddress,
        long commitIndex,
        long appliedIndex,
        long checkpointIndex,
        List<Member> members) {

    public enum Role {
        LEADER,
        FOLLOWER,
        CANDIDATE,
        STARTING
    }

    /** One router of the cluster. */
    public record Member(String id, String clientAddress, String raftAddress) {}
}
