package io.peerlink.cli.command;

import io.peerlink.cli.CliException;
import io.peerlink.cli.CommonOptions;
import io.peerlink.cli.ExitCode;
import io.peerlink.cli.output.Printer;
import io.peerlink.client.ClientBuilder;
import io.peerlink.client.ConnectionEvent;
import io.peerlink.client.PeerLinkClient;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Model.CommandSpec;

/** Runs a one-shot command as an attached peer: connect, act, close. */
final class PeerTask {
    private static final Duration CLIENT_GRACE = Duration.ofSeconds(2);

    private final CommonOptions options;
    private final PeerLinkClient client;

    private final CompletableFuture<Void> refusal;

    PeerTask(CommonOptions options, PeerLinkClient client, CompletableFuture<Void> refusal) {
        this.options = options;
        this.client = client;
        this.refusal = refusal;
    }

    /** What a command does once attached. */
    interface Action {
        void run(PeerTask task) throws Exception;
    }

    static int run(CommandSpec spec, Action action) throws Exception {
        return run(spec, UnaryOperator.identity(), action);
    }

    /**
     * As {@link #run(CommandSpec, Action)}.
     *
     * @param settings what the client needs beyond what the options say
     */
    static int run(CommandSpec spec, UnaryOperator<ClientBuilder> settings, Action action) throws Exception {
        CommonOptions options = CommonOptions.of(spec);
        CompletableFuture<Void> refusal = new CompletableFuture<>();
        try (PeerLinkClient client = options.connect(
                builder -> settings.apply(builder).connectionListener(event -> noteRefusal(event, refusal)))) {
            action.run(new PeerTask(options, client, refusal));
        }
        return ExitCode.OK.number();
    }

    private static void noteRefusal(ConnectionEvent event, CompletableFuture<Void> refusal) {
        if (event instanceof ConnectionEvent.Refused refused) {
            refusal.completeExceptionally(refused.error());
        }
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

    /** Waits for something that may take for ever, such as a message, as long as the client is of use. */
    void awaitUnlessRefused(CompletableFuture<Void> event) throws InterruptedException, ExecutionException {
        CompletableFuture.anyOf(event, refusal).get();
    }

    /**
     * Waits for an answer. The client's requests end at the time-out that the user gave and know best how; only if not even
     * that happens, this says that the outcome is unknown.
     */
    <T> T await(CompletableFuture<T> future) throws InterruptedException {
        return await(future, options.timeout());
    }

    /** As {@link #await(CompletableFuture)}, of a client whose requests end at {@code limit}. */
    static <T> T await(CompletableFuture<T> future, Duration limit) throws InterruptedException {
        try {
            return future.get(limit.plus(CLIENT_GRACE).toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw new CliException(
                    ExitCode.UNKNOWN_OUTCOME,
                    "OUTCOME_UNKNOWN",
                    "no answer within " + limit.toSeconds() + " s; it may or may not be done",
                    "look with peerlink cluster status, or give a longer --timeout");
        }
    }
}
