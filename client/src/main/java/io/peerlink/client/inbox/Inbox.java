package io.peerlink.client.inbox;

import io.peerlink.client.AckMode;
import io.peerlink.client.CursorStore;
import io.peerlink.client.ErrorCode;
import io.peerlink.client.MessageHandler;
import io.peerlink.client.PeerLinkException;
import io.peerlink.client.ReadMark;
import io.peerlink.client.SubscribeOptions;
import io.peerlink.client.callback.SerialLane;
import io.peerlink.protocol.v1.Deliveries;
import io.peerlink.protocol.v1.Delivery;
import io.peerlink.protocol.v1.Subscribe;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * From the stream to the handler and back to the cursor.
 *
 * <p>An entry is first <i>to handle</i>, and from its arrival until its confirmation also <i>unconfirmed</i>. The cursor is
 * what lies before the oldest unconfirmed entry, so it never passes a message that the program is still busy with, in
 * whatever order the program confirms. Both lists are bounded by the credit: it is granted again on confirmation only.
 *
 * <p>Threads: the session thread puts in; one task at a time on the callback lane takes out and calls the handler without
 * the lock; confirmations come from any thread. Guarded by itself.
 */
public final class Inbox {
    private static final long RETRY_MILLIS_MIN = 100;
    private static final long RETRY_MILLIS_MAX = 5_000;

    private final InboxSettings settings;
    private final SerialLane lane;
    private final InboxHost host;
    private final ReceiptBook receipts;

    private final ArrayDeque<InboxEntry> toHandle = new ArrayDeque<>();
    private final ArrayDeque<InboxEntry> unconfirmed = new ArrayDeque<>();
    private @Nullable MessageHandler handler;
    private SubscribeOptions options = SubscribeOptions.auto();
    private boolean stopped;
    private boolean handling;
    private @Nullable String clusterId;
    private long received;
    private long confirmed;
    private int creditToGrant;
    private int failures;
    private boolean ackScheduled;

    /** An inbox that is not subscribed. Handlers run on {@code lane}. */
    public Inbox(InboxSettings settings, SerialLane lane, InboxHost host, ReceiptBook receipts) {
        this.settings = settings;
        this.lane = lane;
        this.host = host;
        this.receipts = receipts;
    }

    /** Starts receiving into {@code messages}. Once. */
    public synchronized void subscribe(SubscribeOptions how, MessageHandler messages) {
        if (handler != null) {
            throw new IllegalStateException("this client has subscribed before");
        }
        options = how;
        handler = messages;
    }

    /** Stops: what was not handled is forgotten here and stays with the router. */
    public synchronized void stop() {
        stopped = true;
        toHandle.clear();
    }

    /** Whether deliveries are wanted. */
    public synchronized boolean isSubscribed() {
        return handler != null && !stopped;
    }

    /** Whether this inbox may confirm anything to the router. */
    public synchronized boolean mayConfirm() {
        return handler != null && !options.receiptsOnly();
    }

    /**
     * What to say on a new stream: go on behind what was received here, with the credit that is free. Session thread.
     *
     * @param cluster the cluster's id
     * @param head the newest sequence in the router's inbox
     */
    public Subscribe subscribeFrame(String cluster, long head) {
        Optional<CursorStore> store = settings.cursorStore();
        boolean first;
        synchronized (this) {
            first = clusterId == null;
            clusterId = cluster;
        }
        long stored = first && store.isPresent() ? load(store.get(), cluster) : 0;
        synchronized (this) {
            // A stored cursor beyond the head belongs to an earlier life of the cluster.
            if (stored <= head) {
                received = Math.max(received, stored);
                confirmed = Math.max(confirmed, stored);
            }
            creditToGrant = 0;
            return Subscribe.newBuilder()
                    .setCredit(Math.max(1, settings.credit() - unconfirmed.size()))
                    .setAfterInboxSequence(received)
                    .setReceiptsOnly(options.receiptsOnly())
                    .build();
        }
    }

    private long load(CursorStore store, String cluster) {
        try {
            return store.load(cluster, settings.peer());
        } catch (RuntimeException e) {
            report("the stored cursor cannot be read", e);
            return 0;
        }
    }

    /**
     * Takes deliveries in; repeats are dropped. Session thread.
     *
     * @return false if there are messages in it that cannot be; then nothing was done
     */
    public boolean receive(Deliveries frame) {
        if (!frame.getDeliveriesList().stream().allMatch(InboxEntry::isWellFormed)) {
            return false;
        }
        synchronized (this) {
            if (handler == null || stopped) {
                return true;
            }
            frame.getDeliveriesList().forEach(this::take);
            received = Math.max(received, frame.getUpToInboxSequence());
            InboxEntry last = unconfirmed.peekLast();
            if (last != null) {
                last.coverUpTo(frame.getUpToInboxSequence());
            } else {
                confirmed = Math.max(confirmed, frame.getUpToInboxSequence());
            }
            if (handling || toHandle.isEmpty()) {
                return true;
            }
            handling = true;
        }
        lane.execute(this::handleAll);
        return true;
    }

    private void take(Delivery delivery) {
        for (int place = 0; place < InboxEntry.length(delivery); place++) {
            InboxEntry entry = new InboxEntry(delivery, place);
            if (entry.sequence() <= received) {
                creditToGrant++;
            } else {
                received = entry.sequence();
                toHandle.add(entry);
                unconfirmed.add(entry);
            }
        }
    }

    private void handleAll() {
        while (true) {
            InboxEntry entry;
            MessageHandler messages;
            synchronized (this) {
                entry = toHandle.peek();
                messages = handler;
                if (entry == null || messages == null || stopped) {
                    handling = false;
                    return;
                }
                entry.countAttempt();
            }
            if (!handle(entry, messages)) {
                host.after(retryDelay(), () -> lane.execute(this::handleAll));
                return;
            }
        }
    }

    private boolean handle(InboxEntry entry, MessageHandler messages) {
        boolean isMessage = entry.isMessage();
        if (isMessage) {
            InboxMessage message = new InboxMessage(this, entry, entry.opened(settings.opener()));
            try {
                messages.onMessage(message);
            } catch (Throwable e) {
                tellHandlerFailed(message, e);
                return false;
            }
        } else {
            entry.receipt().ifPresent(receipt -> receipts.record(receipt, this::report));
        }
        boolean confirmNow = !isMessage || options().ackMode() == AckMode.AUTO;
        if (confirmNow) {
            save(entry.sequence());
        }
        synchronized (this) {
            toHandle.poll();
            failures = 0;
        }
        if (confirmNow) {
            confirm(entry);
        }
        return true;
    }

    /** A confirmation by the program; with AUTO the handler's return decides instead. Any thread. */
    void ackByProgram(InboxEntry entry) {
        if (options().ackMode() == AckMode.MANUAL && entry.isMessage()) {
            confirm(entry);
        }
    }

    private void confirm(InboxEntry entry) {
        long cursor;
        boolean wake;
        synchronized (this) {
            entry.confirm();
            boolean moved = false;
            for (InboxEntry first = unconfirmed.peek();
                    first != null && first.confirmed();
                    first = unconfirmed.peek()) {
                confirmed = Math.max(confirmed, first.confirmTo());
                unconfirmed.remove();
                creditToGrant++;
                moved = true;
            }
            if (!moved) {
                return;
            }
            cursor = confirmed;
            wake = !ackScheduled || creditToGrant >= grantThreshold();
        }
        if (options().ackMode() == AckMode.MANUAL) {
            save(cursor);
        }
        if (wake) {
            host.wake();
        }
    }

    private void save(long cursor) {
        String cluster;
        synchronized (this) {
            cluster = clusterId;
        }
        // Receipts alone say nothing about the messages between them.
        if (settings.cursorStore().isPresent() && cluster != null && mayConfirm()) {
            try {
                settings.cursorStore().get().save(cluster, settings.peer(), cursor);
            } catch (RuntimeException e) {
                report("the cursor cannot be stored", e);
            }
        }
    }

    /** What may be confirmed to the router. Any thread. */
    public synchronized long confirmed() {
        return confirmed;
    }

    /** Received and not handled. Any thread. */
    public synchronized int waiting() {
        return toHandle.size();
    }

    /** Takes the credit to grant, if it is enough to be worth a frame; else 0. Session thread. */
    public synchronized int takeCredit() {
        int credit = creditToGrant;
        if (credit < grantThreshold()) {
            return 0;
        }
        creditToGrant = 0;
        return credit;
    }

    private int grantThreshold() {
        return Math.max(1, settings.credit() / 4);
    }

    /** Whether the session thread will look here soon by itself, so that it need not be woken for each message. */
    public synchronized void ackScheduled(boolean scheduled) {
        ackScheduled = scheduled;
    }

    /**
     * The inbox sequence that must be confirmed before a read mark on this message can be: its own if it is here, else all
     * that was handled. Any thread.
     *
     * @param upToSequence 0: the newest message of the conversation that was given to the handler
     */
    public synchronized long neededFor(String conversation, long upToSequence) {
        if (!mayConfirm()) {
            // This session never confirms; another one did, or the router will refuse.
            return 0;
        }
        long needed = confirmed;
        for (InboxEntry entry : unconfirmed) {
            boolean covered = upToSequence == 0 ? entry.attempts() > 0 : entry.messageSequence() <= upToSequence;
            if (entry.isMessage()
                    && covered
                    && entry.messages().getConversation().equals(conversation)) {
                needed = entry.sequence();
            }
        }
        return needed;
    }

    CompletableFuture<ReadMark> markRead(String conversation, long upToSequence, long inboxSequence) {
        return host.markRead(conversation, upToSequence, inboxSequence);
    }

    private synchronized SubscribeOptions options() {
        return options;
    }

    private synchronized Duration retryDelay() {
        long millis = Math.min(RETRY_MILLIS_MAX, RETRY_MILLIS_MIN << Math.min(failures, 10));
        failures++;
        return Duration.ofMillis(millis);
    }

    private void tellHandlerFailed(InboxMessage message, Throwable error) {
        try {
            settings.errors().handlerFailed(message, error);
        } catch (RuntimeException e) {
            error.addSuppressed(e);
        }
    }

    private void report(String what, RuntimeException cause) {
        settings.errors()
                .failed(new PeerLinkException(ErrorCode.INTERNAL, what + ": " + cause.getMessage(), "", true, cause));
    }
}
