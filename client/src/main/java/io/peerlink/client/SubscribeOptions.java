package io.peerlink.client;

/**
 * How to receive.
 *
 * @param ackMode when a message counts as confirmed
 * @param receiptsOnly only receipts, no messages; such a session confirms nothing, so its receipts come again to the
 *     next session
 */
public record SubscribeOptions(AckMode ackMode, boolean receiptsOnly) {
    /** Messages and receipts, confirmed when the handler returned. */
    public static SubscribeOptions auto() {
        return new SubscribeOptions(AckMode.AUTO, false);
    }

    /** Messages and receipts, confirmed by {@link IncomingMessage#ack()}. */
    public static SubscribeOptions manual() {
        return new SubscribeOptions(AckMode.MANUAL, false);
    }

    /** Receipts only; for a sender that wants to know but leaves the messages to another session. */
    public static SubscribeOptions onlyReceipts() {
        return new SubscribeOptions(AckMode.AUTO, true);
    }
}
