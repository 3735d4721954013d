package io.peerlink.server.backup;

/** A backup cannot be restored; nothing usable was written. */
public final class RestoreException extends RuntimeException {
    private final Kind kind;

    /** What is in the way. */
    public enum Kind {
        /** There is no backup. */
        NO_BACKUP,
        /** It is damaged or of an unknown format. */
        DAMAGED,
        /** It does not fit the cluster or the data that are there. */
        CONFLICT
    }

    public RestoreException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
