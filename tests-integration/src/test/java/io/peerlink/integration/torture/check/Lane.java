package io.peerlink.integration.torture.check;

import java.util.Arrays;

/** What one receiver was shown of one conversation. */
final class Lane {
    private static final int PLACE_MAX = 1 << 27;

    final int receiver;
    final int conversation;
    /** The place presented last. */
    long last;

    private long[] presentedAt = new long[64];
    private long[] inboxSequences = new long[64];
    private int highest;

    /** Read marks asked for: times, and the highest place asked for until then. */
    private long[] markedAt = new long[4];

    private long[] markedUpTo = new long[4];
    private int marks;
    /** Up to where a read mark was accepted. */
    long readAccepted;

    Lane(int receiver, int conversation) {
        this.receiver = receiver;
        this.conversation = conversation;
    }

    void present(long place, long nanos, long inboxSequence) {
        if (place < 1 || place > PLACE_MAX) {
            return;
        }
        if (place >= presentedAt.length) {
            int size = Math.max((int) place + 1, 2 * presentedAt.length);
            presentedAt = Arrays.copyOf(presentedAt, size);
            inboxSequences = Arrays.copyOf(inboxSequences, size);
        }
        if (presentedAt[(int) place] == 0) {
            presentedAt[(int) place] = nanos;
            inboxSequences[(int) place] = inboxSequence;
        }
        highest = Math.max(highest, (int) place);
        last = place;
    }

    /** When it was first presented; 0 if never. */
    long presentedAt(long place) {
        return place < 1 || place >= presentedAt.length ? 0 : presentedAt[(int) place];
    }

    long inboxSequence(long place) {
        return place < 1 || place >= inboxSequences.length ? 0 : inboxSequences[(int) place];
    }

    int highest() {
        return highest;
    }

    void markAsked(long place, long nanos) {
        if (marks == markedAt.length) {
            markedAt = Arrays.copyOf(markedAt, 2 * marks);
            markedUpTo = Arrays.copyOf(markedUpTo, 2 * marks);
        }
        markedAt[marks] = nanos;
        markedUpTo[marks] = Math.max(place, marks == 0 ? 0 : markedUpTo[marks - 1]);
        marks++;
    }

    /** Up to where the receiver had asked to mark it read before this time. */
    long markedBefore(long nanos) {
        int found = Arrays.binarySearch(markedAt, 0, marks, nanos);
        int count = found < 0 ? -found - 1 : found;
        return count == 0 ? 0 : markedUpTo[count - 1];
    }
}
