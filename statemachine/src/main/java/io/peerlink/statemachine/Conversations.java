package io.peerlink.statemachine;

import java.util.List;
import java.util.Optional;

/**
 * Conversation ids: a group's name, or two peers' names in ascending order joined by {@code ~} (which no name contains).
 */
public final class Conversations {
    private static final char JOINER = '~';

    private Conversations() {}

    /** The id of the conversation of two peers; both may be the same. */
    public static String direct(String peer, String other) {
        return peer.compareTo(other) <= 0 ? peer + JOINER + other : other + JOINER + peer;
    }

    /** Whether the id is a pair's. */
    public static boolean isDirect(String conversation) {
        return conversation.indexOf(JOINER) >= 0;
    }

    /** Both names of a pair's conversation, in ascending order; the same name twice in a conversation with oneself. */
    public static List<String> sides(String conversation) {
        int joiner = conversation.indexOf(JOINER);
        if (joiner < 0) {
            throw new IllegalArgumentException("not a pair's conversation: " + conversation);
        }
        return List.of(conversation.substring(0, joiner), conversation.substring(joiner + 1));
    }

    /** The other side of a pair's conversation, or empty if {@code peer} is not part of it (or it is a group's). */
    public static Optional<String> otherSide(String conversation, String peer) {
        int joiner = conversation.indexOf(JOINER);
        if (joiner < 0) {
            return Optional.empty();
        }
        String first = conversation.substring(0, joiner);
        String second = conversation.substring(joiner + 1);
        if (first.equals(peer)) {
            return Optional.of(second);
        }
        return second.equals(peer) ? Optional.of(first) : Optional.empty();
    }
}
