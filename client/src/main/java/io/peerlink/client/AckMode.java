package io.peerlink.client;

/** When a received message counts as confirmed. */
public enum AckMode {
    /** When the handler returned normally. */
    AUTO,
    /** When the program called {@link IncomingMessage#ack()}. */
    MANUAL
}
