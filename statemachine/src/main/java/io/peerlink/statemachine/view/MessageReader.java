package io.peerlink.statemachine.view;

import com.google.protobuf.ByteString;
import io.peerlink.statemachine.Conversations;
import io.peerlink.statemachine.StateView.MessagesView;
import io.peerlink.statemachine.state.StoredRun;
import io.peerlink.statemachine.state.Tables;
import io.peerlink.statemachine.store.ColumnFamily;
import io.peerlink.statemachine.store.KeyCodec;
import io.peerlink.statemachine.store.ReadSnapshot;
import java.util.List;
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
    record Found(String conversation, long first, StoredRun run) {
        long lastSequence() {
            return first + run.length() - 1;
        }

        boolean holds(long sequence) {
            return first <= sequence && sequence <= lastSequence();
        }

        String sender(long sequence) {
            return run.sender(place(sequence));
        }

        /** The message. */
        MessagesView view(long sequence) {
            return view(sequence, 1, Long.MAX_VALUE);
        }

        /**
         * The message and those behind it that are alike but for their bodies.
         *
         * @param messagesMax at most this many, &gt; 0
         * @param bytesMax ends with the message that reaches this many body bytes
         */
        MessagesView view(long sequence, long messagesMax, long bytesMax) {
            int place = place(sequence);
            List<ByteString> alike = run.bodiesFrom(place);
            int messages = 0;
            long bytes = 0;
            do {
                bytes += alike.get(messages).size();
                messages++;
            } while (messages < alike.size() && messages < messagesMax && bytes < bytesMax);
            return new MessagesView(
                    conversation,
                    sequence,
                    run.sender(place),
                    run.sentAtMs(),
                    run.expiresAtMs(place),
                    run.contentType(place),
                    alike.subList(0, messages));
        }

        long expiresAtMs(long sequence) {
            return run.expiresAtMs(place(sequence));
        }

        private int place(long sequence) {
            return (int) (sequence - first);
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
        StoredRun run = cache.get(cacheKey);
        if (run == null) {
            var row = rows.get(Tables.MESSAGES, key);
            if (row == null) {
                throw new IllegalStateException("row vanished from a snapshot");
            }
            run = new StoredRun(row);
            if (!Conversations.isDirect(conversation)) {
                cache.put(cacheKey, run);
            }
        }
        Found found = new Found(conversation, cacheKey.first(), run);
        last = found;
        return found;
    }

    /** Says that another call will go on in the row that was found last. */
    void keepLast() {
        Found kept = last;
        if (kept != null) {
            cache.put(new RunCache.Key(kept.conversation(), kept.first()), kept.run());
        }
    }

    /** The row that holds the message, or null if there is no such message (any more). */
    @Nullable Found find(String conversation, long sequence) {
        Found found = floor(conversation, sequence);
        return found != null && found.holds(sequence) ? found : null;
    }
}
