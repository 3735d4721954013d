package io.peerlink.server.raft;

/** The log or the state cannot be used now: starting, stopping, no majority, or overloaded. */
public final class LogUnavailableException extends RuntimeException {
    public LogUnavailableException(String message) {
        super(message);
    }
}
