package io.peerlink.server.raft;

/** What lies on the disk is damaged in a way that may have hit what was acknowledged; the message names the file. */
public final class DamagedDataException extends RuntimeException {
    /** What is always the way back. */
    public static final String WAY_BACK =
            "move the data directory away, keep it, and let the router join again from the"
                    + " others under a new id: bin/peerlink-server -c FILE --join, then bin/peerlink cluster replace";

    public DamagedDataException(String message) {
        super(message);
    }

    public DamagedDataException(String message, Throwable cause) {
        super(message, cause);
    }
}
