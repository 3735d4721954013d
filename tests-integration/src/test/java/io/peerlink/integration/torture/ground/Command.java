package io.peerlink.integration.torture.ground;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A tool of this machine, run and awaited. */
public final class Command {
    private static final String LIMIT_SECONDS = "60";

    private final int status;
    private final String output;

    private Command(int status, String output) {
        this.status = status;
        this.output = output;
    }

    /** What it printed. Throws if it failed. */
    public static String run(String... words) {
        Command done = execute(words);
        if (done.status != 0) {
            throw new IllegalStateException(
                    String.join(" ", words) + " ended with " + done.status + ": " + done.output.strip());
        }
        return done.output;
    }

    /** Whether it ended with 0. */
    public static boolean succeeds(String... words) {
        return execute(words).status == 0;
    }

    private static Command execute(String... words) {
        List<String> command = new ArrayList<>(List.of("timeout", LIMIT_SECONDS));
        command.addAll(List.of(words));
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Command(process.waitFor(), output);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + words[0], e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Why these tools cannot be used by root here; empty if they can. */
    public static Optional<String> obstacle(String... tools) {
        if (!"root".equals(System.getProperty("user.name"))) {
            return Optional.of("needs root");
        }
        return Stream.of(tools)
                .filter(tool -> !isHere(tool))
                .findFirst()
                .map(tool -> "there is no '" + tool + "' on this machine");
    }

    private static boolean isHere(String tool) {
        return Stream.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, tool)));
    }
}
