package io.peerlink.statemachine.store;

/** The database failed or holds what it must not hold. The router cannot go on with it. */
public final class StoreException extends RuntimeException {
    public StoreException(String message) {
        super(message);
    }

    public StoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
