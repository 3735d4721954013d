package io.peerlink.client;

import java.util.List;

/**
 * A page of a conversation, oldest first.
 *
 * @param messages the messages
 * @param more true if there are older ones: ask again with {@code before} = the first message's sequence
 */
public record HistoryPage(List<HistoryMessage> messages, boolean more) {
    /** Copies the list. */
    public HistoryPage {
        messages = List.copyOf(messages);
    }
}
