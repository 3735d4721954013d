package io.peerlink.server.dispatch;

import io.peerlink.statemachine.StateView.InboxPage;

/** Where a pump pushes: one subscribed session. Called by one thread at a time. */
public interface DeliverySink {
    /** Whether the transport takes more without buffering. When it turns true again, the sink wakes its pump. */
    boolean isReady();

    /** Pushes a page; never blocks. */
    void push(InboxPage page);

    /** The inbox cannot be read any more; no further push will come. */
    void fail(RuntimeException cause);
}
