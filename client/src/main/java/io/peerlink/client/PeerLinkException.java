package io.peerlink.client;

/** The one exception of this library. Futures fail with it directly, never wrapped in another of ours. */
public final class PeerLinkException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final boolean retryable;
    private final String hint;

    /**
     * @param code what programs decide by
     * @param message what failed and why, for people
     * @param hint what to do about it; may be empty
     * @param retryable whether the same call may succeed later, unchanged
     */
    public PeerLinkException(ErrorCode code, String message, String hint, boolean retryable) {
        super(message);
        this.code = code;
        this.hint = hint;
        this.retryable = retryable;
    }

    /** Same, with a cause. */
    public PeerLinkException(ErrorCode code, String message, String hint, boolean retryable, Throwable cause) {
        super(message, cause);
        this.code = code;
        this.hint = hint;
        this.retryable = retryable;
    }

    /** What programs decide by. */
    public ErrorCode code() {
        return code;
    }

    /** True: the same call may succeed later, unchanged. False: it will fail again. */
    public boolean retryable() {
        return retryable;
    }

    /** What to do about it; may be empty. */
    public String hint() {
        return hint;
    }
}
