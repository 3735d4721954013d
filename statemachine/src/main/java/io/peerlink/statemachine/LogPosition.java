package io.peerlink.statemachine;

/**
 * A place in the Raft log.
 *
 * @param term Raft term, from 1; 0 only in {@link #NONE}
 * @param index log index; -1 only in {@link #NONE} (Ratis numbers entries from 0)
 */
public record LogPosition(long term, long index) {
    /** Before the first entry. */
    public static final LogPosition NONE = new LogPosition(0, -1);
}
