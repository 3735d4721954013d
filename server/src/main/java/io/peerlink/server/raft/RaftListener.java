package io.peerlink.server.raft;

import io.peerlink.statemachine.Effect;
import java.util.List;

/**
 * What the log tells the rest of the router. Called on Ratis' threads, some of them under Ratis' locks: implementations
 * only signal, they never block, submit or write to streams.
 */
public interface RaftListener {
    /** An entry was applied (leader or follower); the tables hold it. Apply thread. */
    void onApplied(List<Effect> effects);

    /** This router leads and has applied everything that earlier leaders committed: it may serve. Apply thread. */
    void onLeaderReady();

    /** It became known who leads, this router or another. */
    void onLeaderKnown();

    /** This router no longer leads. */
    void onNotLeader();
}
