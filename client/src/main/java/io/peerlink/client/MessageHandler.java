package io.peerlink.client;

/** Receives messages. */
@FunctionalInterface
public interface MessageHandler {
    /**
     * One message. Called in inbox order, one at a time, on the callback executor. It may call the client, blocking sends
     * included, but must not wait for a {@code markRead} of the very message it is handling: that one waits for the
     * handler to return.
     *
     * <p>If it throws: the {@link ErrorListener} is told, the message stays unconfirmed, nothing later is delivered, and
     * the same message comes again after a pause (0.1 s doubling to 5 s), without limit. A program that wants to give
     * up on a message catches its exceptions itself.
     */
    void onMessage(IncomingMessage message) throws Exception;
}
