package io.peerlink.server.raft;

import java.util.concurrent.atomic.LongAdder;

/** What this router's member of the Raft group has done since the process began. Reading is for any thread. */
public final class RaftCounts {
    private final LongAdder entries = new LongAdder();
    private final LongAdder commands = new LongAdder();
    private final LongAdder applyNanos = new LongAdder();
    private final LongAdder checkpoints = new LongAdder();
    private final LongAdder checkpointNanos = new LongAdder();
    private final LongAdder leaderChanges = new LongAdder();

    void applied(int entryCommands, long nanos) {
        entries.increment();
        commands.add(entryCommands);
        applyNanos.add(nanos);
    }

    void checkpointed(long nanos) {
        checkpoints.increment();
        checkpointNanos.add(nanos);
    }

    void leaderChanged() {
        leaderChanges.increment();
    }

    /** Log entries with commands that were applied. */
    public long entries() {
        return entries.sum();
    }

    /** Commands in them. */
    public long commands() {
        return commands.sum();
    }

    /** How long the apply thread took for them. */
    public long applyNanos() {
        return applyNanos.sum();
    }

    /** Checkpoints made. */
    public long checkpoints() {
        return checkpoints.sum();
    }

    /** How long the apply thread stood still for them. */
    public long checkpointNanos() {
        return checkpointNanos.sum();
    }

    /** How often another router than before was heard to lead. */
    public long leaderChanges() {
        return leaderChanges.sum();
    }
}
