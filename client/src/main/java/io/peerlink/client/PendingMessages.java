package io.peerlink.client;

import java.util.List;

/**
 * Messages that a peer has not confirmed.
 *
 * @param count how many; a lower bound if {@code more}
 * @param more true if counting stopped early
 * @param oldest the oldest of them
 */
public record PendingMessages(long count, boolean more, List<Entry> oldest) {
    /** Copies the list. */
    public PendingMessages {
        oldest = List.copyOf(oldest);
    }

    /**
     * One waiting message.
     *
     * @param id the message
     * @param sender who sent it
     */
    public record Entry(MessageId id, String sender) {}
}
