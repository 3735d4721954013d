package io.peerlink.client.inbox;

import io.peerlink.client.ReadMark;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** What the inbox asks of the session around it. All methods: any thread, return at once. */
public interface InboxHost {
    /** There is a confirmation or a credit to send. */
    void wake();

    /** Runs {@code task} after {@code delay}; drops it when the session is closed. */
    void after(Duration delay, Runnable task);

    /** Marks read once everything up to {@code inboxSequence} is confirmed on the stream. 0: everything so far. */
    CompletableFuture<ReadMark> markRead(String conversation, long upToSequence, long inboxSequence);
}
