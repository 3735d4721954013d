package io.peerlink.client;

import java.time.Instant;

/**
 * What became of messages that this peer sent: its own messages in {@code conversation} with
 * {@code fromSequence <= sequence <= upToSequence}. Messages that are LEFT or EXPIRED for that peer stay so: a later
 * DELIVERED or READ range that spans them does not concern them.
 *
 * @param kind what happened
 * @param peer the recipient it happened at
 * @param conversation the conversation
 * @param fromSequence lowest message sequence, inclusive
 * @param upToSequence highest message sequence, inclusive
 * @param at when, by the leader's clock
 */
public record Receipt(Kind kind, String peer, String conversation, long fromSequence, long upToSequence, Instant at) {
    /** What can become of a message at one recipient. */
    public enum Kind {
        /** The peer's client confirmed it. */
        DELIVERED,
        /** The peer marked it read. */
        READ,
        /** The peer left the group before delivery. Final. */
        LEFT,
        /** It waited longer than its time to live. Final. */
        EXPIRED
    }

    /** Whether the range spans this message. */
    public boolean spans(MessageId id) {
        return id.sequence() >= fromSequence && id.sequence() <= upToSequence && conversation.equals(id.conversation());
    }
}
