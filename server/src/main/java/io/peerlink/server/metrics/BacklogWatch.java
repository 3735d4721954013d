package io.peerlink.server.metrics;

import io.peerlink.server.raft.LinearizableReads;
import io.peerlink.statemachine.StateView.Backlog;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What waits in all inboxes. Counting reads a row per peer, so an answer is given again for {@value #AGE_MAX_SECONDS} s, and
 * no more than {@value #PEERS_MAX} peers are looked at. Any thread but an event loop.
 */
final class BacklogWatch {
    private static final int PEERS_MAX = 100_000;
    private static final long AGE_MAX_SECONDS = 5;

    private final LinearizableReads reads;
    private @Nullable Backlog latest;
    private long readNanos;

    BacklogWatch(LinearizableReads reads) {
        this.reads = reads;
    }

    synchronized Backlog now() {
        Backlog known = latest;
        long now = System.nanoTime();
        if (known == null || now - readNanos > TimeUnit.SECONDS.toNanos(AGE_MAX_SECONDS)) {
            known = reads.read(view -> view.backlog(PEERS_MAX));
            latest = known;
            readNanos = now;
        }
        return known;
    }
}
