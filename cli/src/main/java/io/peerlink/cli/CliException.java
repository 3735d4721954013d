package io.peerlink.cli;

/** A command cannot go on; carries all that the user should read and the exit code. */
public final class CliException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ExitCode exitCode;
    private final String code;
    private final String hint;

    public CliException(ExitCode exitCode, String code, String message, String hint) {
        super(message);
        this.exitCode = exitCode;
        this.code = code;
        this.hint = hint;
    }

    public ExitCode exitCode() {
        return exitCode;
    }

    /** The error's name in capitals, as in {@code error: CODE message}. */
    public String code() {
        return code;
    }

    /** What to do about it; may be empty. */
    public String hint() {
        return hint;
    }
}
