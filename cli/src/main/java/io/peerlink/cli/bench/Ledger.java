package io.peerlink.cli.bench;

import io.peerlink.client.MessageId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What was acknowledged to a sender and what a receiver was given, in order; the count at the end of a run. Thread-safe.
 */
public final class Ledger {
    private final List<Integer> acknowledged = new ArrayList<>();
    private final List<Long> acknowledgedAtNanos = new ArrayList<>();
    private final List<MessageId> ids = new ArrayList<>();
    private final List<Integer> presented = new ArrayList<>();

    public synchronized void acknowledged(int number, MessageId id) {
        acknowledged.add(number);
        ids.add(id);
        acknowledgedAtNanos.add(System.nanoTime());
    }

    public synchronized void presented(int number) {
        presented.add(number);
    }

    public synchronized int acknowledgedCount() {
        return acknowledged.size();
    }

    public synchronized int presentedCount() {
        return presented.size();
    }

    /** Ids of what was acknowledged, in order of acknowledgement. */
    public synchronized List<MessageId> ids() {
        return List.copyOf(ids);
    }

    /** Acknowledged messages that were never presented. */
    public synchronized long lost() {
        Set<Integer> seen = new HashSet<>(presented);
        return acknowledged.stream().filter(number -> !seen.contains(number)).count();
    }

    /** Presentations beyond the first of each message. */
    public synchronized long doubled() {
        return presented.size() - presented.stream().distinct().count();
    }

    /** Presentations that came after one with a higher number. */
    public synchronized long outOfOrder() {
        int highest = -1;
        long count = 0;
        for (int number : presented) {
            if (number < highest) {
                count++;
            }
            highest = Math.max(highest, number);
        }
        return count;
    }

    /** The longest time between two acknowledgements, in milliseconds. */
    public long longestGapMs() {
        return longestGapMs(0);
    }

    /**
     * The longest time between two acknowledgements, in milliseconds.
     *
     * @param first number of the first acknowledgement that counts, in order of arrival
     */
    public synchronized long longestGapMs(int first) {
        long longest = 0;
        for (int i = first + 1; i < acknowledgedAtNanos.size(); i++) {
            longest = Math.max(longest, acknowledgedAtNanos.get(i) - acknowledgedAtNanos.get(i - 1));
        }
        return longest / 1_000_000;
    }
}
