package io.peerlink.integration.simulation;

import java.util.ArrayDeque;

/**
 * One direction of a call. Frames arrive in the order in which they were sent, each after its time on the way, and are handed over
 * as far as the receiver asked for them; what is not a message needs no asking.
 */
final class Pipe {
    private final VirtualConnection connection;
    private final String name;
    private final End end;
    private final ArrayDeque<Frame> onTheWay = new ArrayDeque<>();
    private final ArrayDeque<Frame> arrived = new ArrayDeque<>();
    private long lastArrival;
    private int asked;
    private int unread;
    private boolean cut;
    private int frames;

    /** What arrives: a message, or a control frame that {@link #run} carries out. */
    record Frame(boolean message, Runnable run) {}

    /** The two ends as the pipe sees them. */
    interface End {
        /** Who receives; a dead one receives nothing. */
        VirtualProcess receiver();

        /** The sender may send again. */
        void readyAgain();
    }

    Pipe(VirtualConnection connection, String name, End end) {
        this.connection = connection;
        this.name = name;
        this.end = end;
    }

    private Scheduler scheduler() {
        return connection.network().scheduler();
    }

    void send(boolean message, Runnable run) {
        Bug bug = connection.network().weather().bug();
        if (message && ++frames > 3 && bug == Bug.FRAME_LOST && scheduler().oneIn(20)) {
            return;
        }
        add(message, run);
        if (message
                && frames > 3
                && bug == Bug.FRAMES_SWAPPED
                && onTheWay.size() > 1
                && scheduler().oneIn(3)) {
            Frame last = onTheWay.removeLast();
            onTheWay.addFirst(last);
        }
    }

    private void add(boolean message, Runnable run) {
        if (cut) {
            return;
        }
        unread += message ? 1 : 0;
        onTheWay.add(new Frame(message, run));
        lastArrival =
                Math.max(lastArrival, scheduler().now() + connection.network().latency());
        scheduler().at(lastArrival, this::arrive);
    }

    private void arrive() {
        if (cut) {
            return;
        }
        if (connection.silentUntil() > scheduler().now()) {
            lastArrival = Math.max(lastArrival, connection.silentUntil());
            scheduler().at(connection.silentUntil(), this::arrive);
            return;
        }
        arrived.add(onTheWay.remove());
        end.receiver().at(scheduler().now(), this::handOver);
    }

    /** The receiver takes so many more messages. */
    void ask(int messages) {
        asked += messages;
        end.receiver().at(scheduler().now(), this::handOver);
    }

    private void handOver() {
        while (!arrived.isEmpty() && (asked > 0 || !arrived.element().message())) {
            Frame frame = arrived.remove();
            scheduler().trace().add(scheduler().now(), name, asked, arrived.size());
            if (frame.message()) {
                asked--;
                boolean wasFull = !isReady();
                unread--;
                if (wasFull && isReady()) {
                    scheduler().after(connection.network().latency(), end::readyAgain);
                }
            }
            frame.run().run();
        }
    }

    /** Whether the sender may send without piling up. */
    boolean isReady() {
        return !cut && unread < connection.network().weather().window();
    }

    /** Nothing more arrives. */
    void cut() {
        cut = true;
        onTheWay.clear();
        arrived.clear();
    }
}
