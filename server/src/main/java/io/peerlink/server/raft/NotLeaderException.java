package io.peerlink.server.raft;

import java.util.Optional;

/** This router does not lead. */
public final class NotLeaderException extends RuntimeException {
    private final transient Optional<String> leaderAddress;

    public NotLeaderException(Optional<String> leaderAddress) {
        super("not the leader"
                + leaderAddress.map(address -> "; it is " + address).orElse(""));
        this.leaderAddress = leaderAddress;
    }

    /** Where the leader listens for clients, if known. */
    public Optional<String> leaderAddress() {
        return leaderAddress;
    }
}
