package io.peerlink.statemachine;

import java.util.List;

/** What became of one command, told to whoever proposed it. Immutable. */
public sealed interface Outcome {
    /**
     * @param created false when the name was registered with the same key before
     */
    record Registered(boolean created) implements Outcome {}

    /**
     * @param incarnation issued, or the resumed one
     * @param lastSequence highest client sequence that has an outcome; 0 for a new incarnation
     * @param cursor the peer's confirmed inbox sequence
     * @param head the peer's newest inbox sequence
     */
    record SessionOpened(long incarnation, long lastSequence, long cursor, long head) implements Outcome {}

    /** The incarnation is forgotten (also when it was unknown). */
    record SessionClosed() implements Outcome {}

    /**
     * @param runs results of the requests, consecutive and in sequence order
     */
    record Settled(List<RequestRun> runs) implements Outcome {
        public Settled {
            runs = List.copyOf(runs);
        }
    }

    /**
     * @param cursor the peer's confirmed inbox sequence now; not lower than before
     */
    record CursorAdvanced(long cursor) implements Outcome {}

    /**
     * @param workLeft true when the bound on rows stopped the tick before everything due was done
     */
    record Ticked(boolean workLeft) implements Outcome {}

    /** A hash was compared; what came of it is an effect on each router, as each has its own. */
    record Compared() implements Outcome {}

    /**
     * What changes who may act as whom was carried out: a key, an invite.
     *
     * @param atMs cluster time
     */
    record AccessChanged(long atMs) implements Outcome {}

    /** The whole command was refused. */
    record Refused(Rejection rejection) implements Outcome {}

    /**
     * Results of {@code count} consecutive requests of a session.
     *
     * @param firstSequence client sequence of the first
     */
    record RequestRun(long firstSequence, int count, RequestResult result) {}

    /** The result of a request; in a run of several, the sequences in it belong to the first and rise by one. */
    sealed interface RequestResult {
        /**
         * Accepted messages.
         *
         * @param conversation conversation id
         * @param firstMessageSequence sequence in the conversation of the first message of the run
         * @param sentAtMs cluster time
         * @param recipients how many recipients each of them has
         */
        record Sent(String conversation, long firstMessageSequence, long sentAtMs, int recipients)
                implements RequestResult {}

        /**
         * Any other request that was carried out. Runs of these have count 1.
         *
         * @param subject the group, or the conversation of a read mark
         */
        record Done(String subject, long atMs) implements RequestResult {}

        record Refused(Rejection rejection) implements RequestResult {}
    }
}
