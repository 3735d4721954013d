package io.peerlink.integration.torture.nemesis;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A client or a proxy of the run: told what to do by lines on its input, each answered by a line. One thread at a time. */
public final class ToldProcess {
    private static final long ANSWER_SECONDS = 150;

    private final String kind;
    private final int number;
    private final List<String> command;
    private final Path log;
    private BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private @Nullable Process process;

    /**
     * Starts nothing.
     *
     * @param kind what it is, for people
     * @param number among its kind
     * @param prefix words before its command; must exec, so that the process id stays
     * @param words what Java is told: options, a class of ours, arguments
     * @param log where its errors go
     */
    ToldProcess(String kind, int number, List<String> prefix, List<String> words, Path log) {
        this.kind = kind;
        this.number = number;
        this.command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(words);
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
            Thread reader =
                    new Thread(() -> read(started.inputReader(StandardCharsets.US_ASCII), lines), kind + "-out");
            reader.setDaemon(true);
            reader.start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + this, e);
        }
    }

    private void read(BufferedReader output, BlockingQueue<String> lines) {
        try (output) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (line.startsWith("ok ")) {
                    lines.add(line);
                } else {
                    System.err.println(this + ": " + line);
                }
            }
        } catch (IOException e) {
            System.err.println(this + "'s output ended: " + e.getMessage());
        }
        lines.add("end");
    }

    private Process process() {
        Process running = process;
        if (running == null) {
            throw new IllegalStateException(this + " was never started");
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
            throw new IllegalStateException(this + " does not listen, see " + log, e);
        }
        return answer(word);
    }

    private long answer(String word) {
        try {
            String line = answers.poll(ANSWER_SECONDS, TimeUnit.SECONDS);
            String prefix = "ok " + word + " ";
            if (line == null || !line.startsWith(prefix)) {
                throw new IllegalStateException(this + " answered '" + line + "' to '" + word + "', see " + log);
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

    @Override
    public String toString() {
        return kind + " " + number;
    }
}
