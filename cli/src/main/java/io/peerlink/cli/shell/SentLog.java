package io.peerlink.cli.shell;

import io.peerlink.client.MessageId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Which messages this session sent or saw, so that a receipt's range can be told message by message. Keeps the last
 * {@value #MESSAGES_MAX}. Thread-safe.
 */
final class SentLog {
    private static final int MESSAGES_MAX = 100_000;

    private final Map<String, NavigableMap<Long, Boolean>> byConversation = new HashMap<>();
    private final ArrayDeque<MessageId> order = new ArrayDeque<>();

    /** A message of ours got its id. */
    synchronized void sent(MessageId id) {
        note(id, true);
    }

    /** A message of somebody else came in. */
    synchronized void received(MessageId id) {
        note(id, false);
    }

    private void note(MessageId id, boolean ours) {
        Boolean before = byConversation
                .computeIfAbsent(id.conversation(), conversation -> new TreeMap<>())
                .put(id.sequence(), ours);
        if (before == null) {
            order.add(id);
        }
        if (order.size() > MESSAGES_MAX) {
            MessageId oldest = order.remove();
            NavigableMap<Long, Boolean> messages = byConversation.get(oldest.conversation());
            if (messages != null) {
                messages.remove(oldest.sequence());
            }
        }
    }

    /** Whether every message of the range was sent or seen by this session. */
    synchronized boolean knowsAll(String conversation, long from, long upTo) {
        return range(conversation, from, upTo).size() == upTo - from + 1;
    }

    /** Our messages in the range, ascending. */
    synchronized List<MessageId> ours(String conversation, long from, long upTo) {
        List<MessageId> ids = new ArrayList<>();
        range(conversation, from, upTo).forEach((sequence, ours) -> {
            if (ours) {
                ids.add(new MessageId(conversation, sequence));
            }
        });
        return ids;
    }

    private NavigableMap<Long, Boolean> range(String conversation, long from, long upTo) {
        NavigableMap<Long, Boolean> messages = byConversation.getOrDefault(conversation, new TreeMap<>());
        return messages.subMap(from, true, upTo, true);
    }
}
