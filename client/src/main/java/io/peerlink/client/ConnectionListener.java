package io.peerlink.client;

/** Hears what happens to the connection. */
@FunctionalInterface
public interface ConnectionListener {
    /** One event, in order, one at a time, on the callback executor. What it throws goes to the log. */
    void onEvent(ConnectionEvent event);
}
