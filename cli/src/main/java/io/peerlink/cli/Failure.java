package io.peerlink.cli;

import io.peerlink.client.PeerLinkException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/**
 * A failure in the words of the command line: the one table from exceptions to what users read.
 *
 * @param code the error's name in capitals
 * @param hint what to do about it; may be empty
 */
public record Failure(ExitCode exitCode, String code, String message, String hint) {
    /** Tells what went wrong, whatever was thrown. */
    public static Failure of(Throwable thrown) {
        Throwable cause = thrown;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof CliException cli) {
            return new Failure(cli.exitCode(), cli.code(), message(cli), cli.hint());
        }
        if (cause instanceof PeerLinkException refused) {
            return new Failure(ExitCode.of(refused.code()), refused.code().name(), message(refused), refused.hint());
        }
        if (cause instanceof IllegalArgumentException usage) {
            return new Failure(ExitCode.USAGE, "USAGE", message(usage), "");
        }
        return new Failure(ExitCode.FAILED, "FAILED", cause.toString(), "--debug tells more");
    }

    private static String message(Throwable thrown) {
        return thrown.getMessage() == null ? thrown.toString() : thrown.getMessage();
    }
}
