package io.peerlink.cli.command;

import io.peerlink.cli.CliException;
import io.peerlink.cli.CommonOptions;
import io.peerlink.cli.ExitCode;
import io.peerlink.cli.output.Printer;
import io.peerlink.client.PeerLinkClient;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Model.CommandSpec;

/** Runs a one-shot command as an attached peer: connect, act, close. */
final class PeerTask {
    private final CommonOptions options;
    private final PeerLinkClient client;

    private PeerTask(CommonOptions options, PeerLinkClient client) {
        this.options = options;
        this.client = client;
    }

    /** What a command does once attached. */
    interface Action {
        void run(PeerTask task) throws Exception;
    }

    static int run(CommandSpec spec, Action action) throws Exception {
        CommonOptions options = CommonOptions.of(spec);
        try (PeerLinkClient client = options.connect()) {
            action.run(new PeerTask(options, client));
        }
        return ExitCode.OK.number();
    }

    PeerLinkClient client() {
        return client;
    }

    Printer printer() {
        return options.printer();
    }

    CommonOptions options() {
        return options;
    }

    /** Waits for an answer, at most the time-out that the user gave. */
    <T> T await(CompletableFuture<T> future) throws InterruptedException {
        try {
            return future.get(options.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw new CliException(
                    ExitCode.UNKNOWN_OUTCOME,
                    "OUTCOME_UNKNOWN",
                    "no answer within " + options.timeout().toSeconds() + " s; it may or may not be done",
                    "look with peerlink cluster status, or give a longer --timeout");
        }
    }
}
