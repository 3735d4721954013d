package io.peerlink.client.inbox;

import io.peerlink.client.DeliveryTracker;
import io.peerlink.client.ErrorCode;
import io.peerlink.client.MessageId;
import io.peerlink.client.PeerLinkException;
import io.peerlink.client.Receipt;
import io.peerlink.client.ReceiptListener;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;

/**
 * Receipts as the program wants them: to listeners as ranges, to trackers by message.
 *
 * <p>Sends cost nothing here: a tracker exists only once asked for. As a receipt can arrive before the program asks, the
 * last few of each conversation are kept and played to a new tracker. Bounds: 128 receipts in each of 1,000 conversations,
 * 100,000 trackers; the oldest go. Guarded by itself; listeners and futures are called without the lock, on the inbox's lane.
 */
public final class ReceiptBook {
    private static final int RECENT_MAX = 128;
    private static final int CONVERSATIONS_MAX = 1_000;
    static final int TRACKERS_MAX = 100_000;

    private final List<ReceiptListener> listeners = new CopyOnWriteArrayList<>();
    private final LinkedHashMap<String, ArrayDeque<Receipt>> recent = new LinkedHashMap<>(16, 0.75f, true);
    private final LinkedHashMap<MessageId, MessageTracker> trackers = new LinkedHashMap<>();
    private final Map<String, NavigableMap<Long, MessageTracker>> byConversation = new LinkedHashMap<>();

    /** Hears every receipt from now on. */
    public void addListener(ReceiptListener listener) {
        listeners.add(listener);
    }

    /** The tracker of this message; the same one for the same message while it is kept. */
    public DeliveryTracker track(MessageId id) {
        MessageTracker dropped = null;
        MessageTracker tracker;
        synchronized (this) {
            MessageTracker known = trackers.get(id);
            if (known != null) {
                return known;
            }
            tracker = new MessageTracker(id);
            trackers.put(id, tracker);
            byConversation
                    .computeIfAbsent(id.conversation(), conversation -> new TreeMap<>())
                    .put(id.sequence(), tracker);
            for (Receipt receipt : recent.getOrDefault(id.conversation(), new ArrayDeque<>())) {
                if (receipt.spans(id)) {
                    // Nobody can listen to a tracker that was not returned yet.
                    tracker.apply(receipt);
                }
            }
            if (trackers.size() > TRACKERS_MAX) {
                dropped = removeOldest();
            }
        }
        if (dropped != null) {
            dropped.end(new PeerLinkException(
                    ErrorCode.OUTCOME_UNKNOWN, "too many messages are tracked", "Ask for its status.", true));
        }
        return tracker;
    }

    private MessageTracker removeOldest() {
        Iterator<MessageTracker> oldest = trackers.values().iterator();
        MessageTracker dropped = oldest.next();
        oldest.remove();
        NavigableMap<Long, MessageTracker> siblings =
                byConversation.get(dropped.id().conversation());
        if (siblings != null) {
            siblings.remove(dropped.id().sequence());
            if (siblings.isEmpty()) {
                byConversation.remove(dropped.id().conversation());
            }
        }
        return dropped;
    }

    /** Tells everybody whom it concerns; {@code failed} hears of listeners that threw. Inbox lane. */
    void record(Receipt receipt, BiConsumer<String, RuntimeException> failed) {
        List<MessageTracker> concerned = new ArrayList<>();
        synchronized (this) {
            ArrayDeque<Receipt> latest =
                    recent.computeIfAbsent(receipt.conversation(), conversation -> new ArrayDeque<>());
            latest.add(receipt);
            if (latest.size() > RECENT_MAX) {
                latest.remove();
            }
            if (recent.size() > CONVERSATIONS_MAX) {
                Iterator<String> eldest = recent.keySet().iterator();
                eldest.next();
                eldest.remove();
            }
            NavigableMap<Long, MessageTracker> tracked = byConversation.get(receipt.conversation());
            if (tracked != null && receipt.fromSequence() <= receipt.upToSequence()) {
                concerned.addAll(tracked.subMap(receipt.fromSequence(), true, receipt.upToSequence(), true)
                        .values());
            }
        }
        for (ReceiptListener listener : listeners) {
            try {
                listener.onReceipt(receipt);
            } catch (RuntimeException e) {
                failed.accept("a receipt listener threw", e);
            }
        }
        for (MessageTracker tracker : concerned) {
            try {
                tracker.apply(receipt);
            } catch (RuntimeException e) {
                failed.accept("a tracker's listener threw", e);
            }
        }
    }

    /** Fails every open tracker. */
    public void close(PeerLinkException error) {
        List<MessageTracker> all;
        synchronized (this) {
            all = new ArrayList<>(trackers.values());
            trackers.clear();
            byConversation.clear();
        }
        all.forEach(tracker -> tracker.end(error));
    }
}
