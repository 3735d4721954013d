package io.peerlink.cli.demo;

import io.peerlink.client.MessageId;
import java.util.ArrayList;
import java.util.List;

/**
 * What was acknowledged to a sender and what a receiver was given, in order; the count at the end of the demo. Thread-safe.
 */
final class Ledger {
    private final List<Integer> acknowledged = new ArrayList<>();
    private final List<Long> acknowledgedAtNanos = new ArrayList<>();
    private final List<MessageId> ids = new ArrayList<>();
    private final List<Integer> presented = new ArrayList<>();

    synchronized void acknowledged(int number, MessageId id) {
        acknowledged.add(number);
        ids.add(id);
        acknowledgedAtNanos.add(System.nanoTime());
    }

    synchronized void presented(int number) {
        presented.add(number);
    }

    synchronized int acknowledgedCount() {
        return acknowledged.size();
    }

    synchronized int presentedCount() {
        return presented.size();
    }

    /** Ids of what was acknowledged, in order of acknowledgement. */
    synchronized List<MessageId> ids() {
        return List.copyOf(ids);
    }

    /** Acknowledged messages that were never presented. */
    synchronized long lost() {
        java.util.Set<Integer> seen = new java.util.HashSet<>(presented);
        return acknowledged.stream().filter(number -> !seen.contains(number)).count();
    }

    /** Presentations beyond the first of each message. */
    synchronized long doubled() {
        return presented.size() - presented.stream().distinct().count();
    }

    /** Presentations that came after one with a higher number. */
    synchronized long outOfOrder() {
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
    synchronized long longestGapMs() {
        long longest = 0;
        for (int i = 1; i < acknowledgedAtNanos.size(); i++) {
            longest = Math.max(longest, acknowledgedAtNanos.get(i) - acknowledgedAtNanos.get(i - 1));
        }
        return longest / 1_000_000;
    }
}
