package io.peerlink.server.submit;

import io.peerlink.server.submit.CommandBatcher.Submission;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Commands that wait for an entry, each source in a lane of its own. Lanes take turns of {@value #QUANTUM_BYTES} bytes, so a source
 * that floods the router waits for itself and not the others for it: deficit round robin (Shreedhar and Varghese, SIGCOMM 1995).
 * A lane keeps its order.
 *
 * <p>What is under way in the log is a queue too, in which nobody can be overtaken. So while several sources bring requests, a lane
 * that has {@value #SHARE_BYTES} bytes under way is held until some of them have arrived; a source that is alone may fill the log.
 *
 * <p>How much a source may have without an outcome is the dynamic threshold of shared-memory switches (Choudhury and Hahne, 1998): less
 * than what is free of the whole limit. One that floods gets half of it, n get a share each and leave one for the others.
 *
 * <p>Not thread-safe: guarded by the batcher's lock. Bound: the limit, and what the last frames that were read bring beyond it.
 */
final class FairQueue {
    static final int QUANTUM_BYTES = 16 * 1024;
    static final int SHARE_BYTES = 32 * 1024;
    /** A source is alone when no other has brought a request for so long. */
    static final long ALONE_MS = 1_000;

    private final long bytesMax;
    private final InstantSource clock;
    /** Those with something without an outcome. */
    private final Map<String, Lane> lanes = new HashMap<>();
    /** Those with something that waits and is not held, in the order of their turns. */
    private final ArrayDeque<Lane> turns = new ArrayDeque<>();

    /** In those lanes. */
    private int waiting;

    private long waitingBytes;
    private long unsettledBytes;
    private String latest = "";
    private long latestSinceMs;

    /** A submission, and whether the next one belongs into the same entry. */
    record Pending(String source, Submission submission, int bytes, boolean withNext) {}

    private static final class Lane {
        private final ArrayDeque<Pending> waiting = new ArrayDeque<>();
        private long waitingBytes;
        /** What it may take in this turn; below zero: what it took too much in the last one. */
        private long allowance;

        private long underWayBytes;
        private long unsettledBytes;
        private boolean held;
    }

    /** {@code bytesMax}: what all sources together may have without an outcome. */
    FairQueue(long bytesMax, InstantSource clock) {
        this.bytesMax = bytesMax;
        this.clock = clock;
    }

    void add(Pending pending) {
        String source = pending.source();
        // Confirmations and ticks are small, and whoever sends to somebody would never be alone.
        if (pending.submission().command().hasSessionRequests() && !source.equals(latest)) {
            latest = source;
            latestSinceMs = clock.millis();
        }
        Lane lane = lanes.computeIfAbsent(source, name -> new Lane());
        if (lane.waiting.isEmpty()) {
            turns.add(lane);
        }
        lane.waiting.add(pending);
        lane.waitingBytes += pending.bytes();
        lane.unsettledBytes += pending.bytes();
        unsettledBytes += pending.bytes();
        if (!lane.held) {
            waiting++;
            waitingBytes += pending.bytes();
        }
    }

    /** How many commands may be taken. */
    int waiting() {
        return waiting;
    }

    /** Their bytes. */
    long waitingBytes() {
        return waitingBytes;
    }

    /** Takes what the next entry holds: until one of the limits is reached, and what belongs to the last of it. */
    List<Pending> take(int entryBytes, int entryCommands) {
        boolean shared = Math.abs(clock.millis() - latestSinceMs) < ALONE_MS;
        List<Pending> entry = new ArrayList<>();
        long bytes = 0;
        while (!turns.isEmpty() && bytes < entryBytes && entry.size() < entryCommands) {
            Lane lane = turns.remove();
            // A debt is carried over to the next turn, what was not used is not.
            lane.allowance = Math.min(lane.allowance, 0) + QUANTUM_BYTES;
            boolean joined = false;
            while (!lane.waiting.isEmpty()
                    && (joined
                            || (lane.allowance > 0
                                    && !isToBeHeld(lane, shared)
                                    && bytes < entryBytes
                                    && entry.size() < entryCommands))) {
                Pending next = lane.waiting.remove();
                entry.add(next);
                bytes += next.bytes();
                lane.waitingBytes -= next.bytes();
                lane.underWayBytes += next.bytes();
                lane.allowance -= next.bytes();
                joined = next.withNext();
            }
            if (!lane.waiting.isEmpty()) {
                holdOrQueue(lane, shared);
            }
        }
        waiting -= entry.size();
        waitingBytes -= bytes;
        return entry;
    }

    private static boolean isToBeHeld(Lane lane, boolean shared) {
        return shared && lane.underWayBytes >= SHARE_BYTES;
    }

    private void holdOrQueue(Lane lane, boolean shared) {
        if (isToBeHeld(lane, shared)) {
            lane.held = true;
            waiting -= lane.waiting.size();
            waitingBytes -= lane.waitingBytes;
        } else {
            turns.add(lane);
        }
    }

    /** The entry with these has arrived, or never will. */
    void arrived(List<Pending> entry) {
        for (Pending each : entry) {
            Lane lane = lane(each);
            lane.underWayBytes -= each.bytes();
            if (lane.held && lane.underWayBytes < SHARE_BYTES) {
                lane.held = false;
                waiting += lane.waiting.size();
                waitingBytes += lane.waitingBytes;
                turns.add(lane);
            }
        }
    }

    /** Those of {@link #take} that have arrived have got their outcomes. */
    void settled(List<Pending> entry) {
        for (Pending each : entry) {
            Lane lane = lane(each);
            lane.unsettledBytes -= each.bytes();
            unsettledBytes -= each.bytes();
            if (lane.unsettledBytes == 0) {
                lanes.remove(each.source());
            }
        }
    }

    private Lane lane(Pending pending) {
        return Objects.requireNonNull(lanes.get(pending.source()));
    }

    /** Takes all that waits, held or not. */
    List<Pending> takeAll() {
        List<Pending> all = new ArrayList<>();
        for (Lane lane : lanes.values()) {
            all.addAll(lane.waiting);
            lane.waiting.clear();
        }
        turns.clear();
        waiting = 0;
        waitingBytes = 0;
        return all;
    }

    /** Whether this source may bring more. */
    boolean hasRoom(String source) {
        Lane lane = lanes.get(source);
        return (lane == null ? 0 : lane.unsettledBytes) < bytesMax - unsettledBytes;
    }

    /** Of all that has no outcome yet. */
    long unsettledBytes() {
        return unsettledBytes;
    }

    /** Whether nothing waits or is under way. */
    boolean isSettled() {
        return unsettledBytes == 0;
    }
}
