package io.peerlink.integration.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** {@code bin/peerlink} of the distribution as a child process, driven through pipes. */
final class ShellProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final List<String> command;
    private final Process process;
    private final Writer input;
    private final List<String> output = new CopyOnWriteArrayList<>();
    private final List<String> errors = new CopyOnWriteArrayList<>();
    private final List<Thread> readers;

    private ShellProcess(List<String> command, Process process) {
        this.command = command;
        this.process = process;
        this.input = process.outputWriter(StandardCharsets.UTF_8);
        this.readers = List.of(reading(process.getInputStream(), output), reading(process.getErrorStream(), errors));
    }

    /**
     * Starts it.
     *
     * @param data {@code XDG_DATA_HOME}: where its keys lie
     */
    static ShellProcess start(List<String> servers, Path data, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Distribution.home().resolve("bin/peerlink").toString());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("XDG_DATA_HOME", data.toString());
        builder.environment().put("PEERLINK_SERVERS", String.join(",", servers));
        builder.environment().put("PEERLINK_NO_BUILD", "1");
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().remove("PEERLINK_ID");
        builder.environment().remove("PEERLINK_CA");
        try {
            return new ShellProcess(command, builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Thread reading(InputStream stream, List<String> lines) {
        Thread reader = new Thread(() -> new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))
                .lines()
                .forEach(lines::add));
        reader.setDaemon(true);
        reader.start();
        return reader;
    }

    /** Types a line. */
    ShellProcess type(String line) {
        try {
            input.write(line + "\n");
            input.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(this + " does not listen", e);
        }
        return this;
    }

    /** Types a line and waits until at least these lines came in answer to it, in any order. */
    void type(String line, String... answers) {
        int before = output.size();
        type(line);
        await(this + ": " + line + " -> " + List.of(answers))
                .atMost(PATIENCE)
                .until(() -> List.copyOf(output).subList(before, output.size()).containsAll(List.of(answers)));
    }

    /** Waits until its output has this line. */
    void awaitLine(String line) {
        await(this + " prints " + line).atMost(PATIENCE).until(() -> output.contains(line));
    }

    /** Everything that it printed so far. */
    List<String> output() {
        return List.copyOf(output);
    }

    /** What it said on standard error so far. */
    List<String> errors() {
        return List.copyOf(errors);
    }

    /** Ends its input, waits for its end and returns the exit code. */
    int end() {
        try {
            input.close();
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .as(this + " ends; it said " + output + errors)
                    .isTrue();
            for (Thread reader : readers) {
                reader.join();
            }
            return process.exitValue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    @Override
    public String toString() {
        return String.join(" ", command.subList(1, command.size()));
    }
}
