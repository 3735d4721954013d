package io.peerlink.statemachine.state;

/**
 * Consecutive sequences of a conversation.
 *
 * @param first the lowest one
 * @param last the highest one; {@link #OPEN} while the membership runs
 */
public record Interval(long first, long last) {
    public static final long OPEN = Long.MAX_VALUE;

    public boolean contains(long sequence) {
        return first <= sequence && sequence <= last;
    }

    public boolean isEmpty() {
        return first > last;
    }

    public Interval clip(long lowest, long highest) {
        return new Interval(Math.max(first, lowest), Math.min(last, highest));
    }
}
