package io.peerlink.server.identity;

/** This router must not start with the data that it has; says what to do instead. */
public final class StartRefusedException extends RuntimeException {
    private final String hint;

    public StartRefusedException(String message, String hint) {
        super(message);
        this.hint = hint;
    }

    /** The way out, for people. */
    public String hint() {
        return hint;
    }
}
