package io.peerlink.integration.torture.nemesis;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A client process of the run: told what to do by lines on its input, each answered by a line. One thread at a time. */
public final class ClientProcess {
    private static final long ANSWER_SECONDS = 150;

    private final int number;
    private final List<String> command;
    private final Path log;
    private BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private @Nullable Process process;

    ClientProcess(int number, List<String> command, Path log) {
        this.number = number;
        this.command = command;
        this.log = log;
    }

    public int number() {
        return number;
    }

    void start() {
        try {
            Process started = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            process = started;
            BlockingQueue<String> lines = new LinkedBlockingQueue<>();
            answers = lines;
            Thread reader = new Thread(() -> read(started.inputReader(StandardCharsets.US_ASCII), lines), "client-out");
            reader.setDaemon(true);
            reader.start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start a client", e);
        }
    }

    private static void read(BufferedReader output, BlockingQueue<String> lines) {
        try (output) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (line.startsWith("ok ")) {
                    lines.add(line);
                } else {
                    System.err.println("client: " + line);
                }
            }
        } catch (IOException e) {
            System.err.println("client output ended: " + e.getMessage());
        }
        lines.add("end");
    }

    private Process process() {
        Process running = process;
        if (running == null) {
            throw new IllegalStateException("client " + number + " was never started");
        }
        return running;
    }

    long pid() {
        return process().pid();
    }

    void awaitReady() {
        answer("ready");
    }

    /** Tells it something and returns the number it answers. */
    public long tell(String word, long value) {
        try {
            Writer input = new OutputStreamWriter(process().getOutputStream(), StandardCharsets.US_ASCII);
            input.write(word + " " + value + "\n");
            input.flush();
        } catch (IOException e) {
            throw new IllegalStateException("client " + number + " does not listen, see " + log, e);
        }
        return answer(word);
    }

    private long answer(String word) {
        try {
            String line = answers.poll(ANSWER_SECONDS, TimeUnit.SECONDS);
            String prefix = "ok " + word + " ";
            if (line == null || !line.startsWith(prefix)) {
                throw new IllegalStateException(
                        "client " + number + " answered '" + line + "' to '" + word + "', see " + log);
            }
            return Long.parseLong(line.substring(prefix.length()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** SIGKILL; returns when it is gone. */
    void kill() {
        if (process != null) {
            process.destroyForcibly();
            try {
                process.waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
