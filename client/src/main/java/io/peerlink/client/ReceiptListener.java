package io.peerlink.client;

/** Hears every receipt, also for messages sent before a restart or by another session of the same peer. */
@FunctionalInterface
public interface ReceiptListener {
    /**
     * One receipt range, in inbox order, on the callback executor; never at the same time as the message handler. It
     * may come again after a restart. What it throws goes to the {@link ErrorListener} and is not repeated.
     */
    void onReceipt(Receipt receipt);
}
