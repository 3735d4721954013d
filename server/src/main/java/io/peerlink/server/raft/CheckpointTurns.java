package io.peerlink.server.raft;

import java.util.List;

/**
 * When a router's turn to make a checkpoint comes, by entries: each {@code every}, but not all routers at the same one, where each
 * would make the others wait for processor and disk.
 *
 * @param offset of this router's turns, in entries
 * @param every entries from one turn to the next, at least 1
 */
record CheckpointTurns(long offset, long every) {
    /**
     * Turns of one router.
     *
     * @param routers ids of all that are configured; who is not among them (it joined later) has the first one's turns
     */
    static CheckpointTurns of(String router, List<String> routers, long every) {
        List<String> sorted = routers.stream().sorted().toList();
        return new CheckpointTurns(every * Math.max(0, sorted.indexOf(router)) / Math.max(1, sorted.size()), every);
    }

    /** Whether a turn came between the newest checkpoint and what is applied. */
    boolean isDue(long newestIndex, long appliedIndex) {
        return Math.floorDiv(appliedIndex - offset, every) > Math.floorDiv(newestIndex - offset, every);
    }
}
