package io.peerlink.cli.bench;

import java.time.Duration;

/**
 * What a load run is to do.
 *
 * @param shape who sends to whom
 * @param senders sessions that send
 * @param receivers peers that are sent to; a direct sender has one of them, a group all
 * @param idle further peers that are connected and do nothing
 * @param away further members of the group that are not connected
 * @param inFlight sends without an outcome, of each sender; ignored at a fixed rate
 * @param size bytes in a body
 * @param rate sends a second of all senders together; 0: as many as {@code inFlight} lets through
 * @param warmUp load that is not measured
 * @param time load that is measured
 */
record Workload(
        Shape shape,
        int senders,
        int receivers,
        int idle,
        int away,
        int inFlight,
        int size,
        int rate,
        Duration warmUp,
        Duration time) {
    /** Who sends to whom, and what is timed. */
    enum Shape {
        /** Direct; until the send is acknowledged. Receivers read when the time is over. */
        SEND,
        /** Direct; until the receiver has it, which confirms each. */
        DELIVER,
        /** One group; until a member has it, which confirms each. */
        FANOUT;

        /** Whether receivers read while the load runs. */
        boolean readsAlong() {
            return this != SEND;
        }
    }
}
