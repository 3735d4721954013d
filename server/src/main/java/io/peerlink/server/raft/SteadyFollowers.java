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
 * Which followers have been in step with this leader for the longest time without a break. One that has just come back is in step
 * soon, but its process has yet to compile what a leader does. Thread-safe. Bound: the followers.
 */
final class SteadyFollowers {
    /** At how many looks in a row each was in step. Guarded by this. */
    private final Map<RaftPeerId, Integer> looks = new HashMap<>();

    /**
     * To be called from time to time.
     *
     * @param inStep who is in step at present; without followers if this router does not lead
     */
    synchronized void look(Set<RaftPeerId> inStep) {
        looks.keySet().retainAll(inStep);
        inStep.forEach(id -> looks.merge(id, 1, Integer::sum));
    }

    /** The same, those in front that have been in step longest; otherwise in the order given. */
    synchronized List<RaftPeerId> steadiestFirst(Collection<RaftPeerId> followers) {
        List<RaftPeerId> sorted = new ArrayList<>(followers);
        sorted.sort(Comparator.comparing((RaftPeerId id) -> looks.getOrDefault(id, 0))
                .reversed());
        return sorted;
    }
}
