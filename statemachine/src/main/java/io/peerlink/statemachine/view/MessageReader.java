package io.peerlink.statemachine.view;

import io.peerlink.state.v1.MessageRun;
import io.peerlink.state.v1.StoredMessage;
import io.peerlink.statemachine.StateView.MessageView;
import io.peerlink.statemachine.state.Tables;
import io.peerlink.statemachine.store.ColumnFamily;
import io.peerlink.statemachine.store.KeyCodec;
import io.peerlink.statemachine.store.ReadSnapshot;
import org.jspecify.annotations.Nullable;

/** Finds messages, row by row. Belongs to one call. */
final class MessageReader {
    private final ReadSnapshot rows;
    private final RunCache cache;
    private @Nullable Found last;

    MessageReader(ReadSnapshot rows, RunCache cache) {
        this.rows = rows;
        this.cache = cache;
    }

    /** A row and where it begins. */
    record Found(String conversation, long first, MessageRun run) {
        long lastSequence() {
            return first + run.getMessagesCount() - 1;
        }

        boolean holds(long sequence) {
            return first <= sequence && sequence <= lastSequence();
        }

        String sender(long sequence) {
            return run.getSenders(message(sequence).getSender());
        }

        MessageView view(long sequence) {
            StoredMessage message = message(sequence);
            return new MessageView(
                    conversation,
                    sequence,
                    sender(sequence),
                    run.getSentAtMs(),
                    message.getExpiresAtMs(),
                    message.getContentType(),
                    message.getBody());
        }

        StoredMessage message(long sequence) {
            return run.getMessages((int) (sequence - first));
        }
    }

    /** The row with the greatest first sequence up to {@code sequence}; it may end before it. */
    @Nullable Found floor(String conversation, long sequence) {
        Found known = last;
        if (known != null && known.conversation().equals(conversation) && known.holds(sequence)) {
            return known;
        }
        byte[] prefix = KeyCodec.prefix(conversation);
        byte[] key = rows.floorKey(ColumnFamily.MESSAGES, prefix, KeyCodec.append(prefix, sequence));
        if (key == null) {
            return null;
        }
        RunCache.Key cacheKey = new RunCache.Key(conversation, KeyCodec.lastNumber(key));
        MessageRun run = cache.get(cacheKey);
        if (run == null) {
            run = rows.get(Tables.MESSAGES, key);
            if (run == null) {
                throw new IllegalStateException("row vanished from a snapshot");
            }
            cache.put(cacheKey, run);
        }
        Found found = new Found(conversation, cacheKey.first(), run);
        last = found;
        return found;
    }

    /** The row that holds the message, or null if there is no such message (any more). */
    @Nullable Found find(String conversation, long sequence) {
        Found found = floor(conversation, sequence);
        return found != null && found.holds(sequence) ? found : null;
    }
}
