package io.peerlink.server.raft;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.ratis.protocol.RaftPeerId;

/**
 * Which followers have answered this leader for the longest time without a break. One that has just come back is in step soon, but
 * its process has yet to compile what a leader does. Thread-safe. Bound: the followers.
 */
final class SteadyFollowers {
    /** At how many looks in a row each has answered. Guarded by this. */
    private final Map<RaftPeerId, Integer> looks = new HashMap<>();

    /**
     * To be called from time to time.
     *
     * @param answering who answers at present; without followers if this router does not lead
     */
    synchronized void look(Set<RaftPeerId> answering) {
        looks.keySet().retainAll(answering);
        answering.forEach(id -> looks.merge(id, 1, Integer::sum));
    }

    /** The same, those in front that have answered longest; otherwise in the order given. */
    synchronized List<RaftPeerId> steadiestFirst(Collection<RaftPeerId> followers) {
        List<RaftPeerId> sorted = new ArrayList<>(followers);
        sorted.sort(Comparator.comparing((RaftPeerId id) -> looks.getOrDefault(id, 0))
                .reversed());
        return sorted;
    }
}
