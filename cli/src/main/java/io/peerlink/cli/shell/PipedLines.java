package io.peerlink.cli.shell;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Lines of a pipe, read on a thread of their own: whoever waits in a pipe's read cannot be called away from it. */
final class PipedLines implements AutoCloseable {
    private final BufferedReader input;
    private final ExecutorService reader = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "piped-lines");
        thread.setDaemon(true);
        return thread;
    });

    PipedLines(BufferedReader input) {
        this.input = input;
    }

    /** The next line; empty at the end. */
    CompletableFuture<Optional<String>> next() {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return Optional.ofNullable(input.readLine());
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                reader);
    }

    /** Asks for no more lines. A read that hangs is left to the daemon thread. */
    @Override
    public void close() {
        reader.shutdown();
    }
}
