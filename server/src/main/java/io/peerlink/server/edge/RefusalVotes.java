package io.peerlink.server.edge;

import io.peerlink.server.identity.StartRefusedException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which other routers say that this one must not go on. One voice may be a stale or foreign router at a member's address,
 * and must not stop a healthy router. Thread-safe.
 */
final class RefusalVotes {
    private final Map<String, StartRefusedException> votes = new HashMap<>();

    /**
     * Counts a refusal, once an address.
     *
     * @param others how many other routers there are
     * @param single whether this voice is enough by itself
     * @return the refusal, if it is to be followed
     */
    synchronized Optional<StartRefusedException> refused(
            String address, StartRefusedException refusal, int others, boolean single) {
        votes.put(address, refusal);
        return single || isMajority(votes.size(), others) ? Optional.of(refusal) : Optional.empty();
    }

    /** Whoever is at this address says otherwise now. */
    synchronized void withdraw(String address) {
        votes.remove(address);
    }

    /** Whether so many are more than half of the others. */
    static boolean isMajority(long voices, int others) {
        return 2 * voices > others;
    }
}
