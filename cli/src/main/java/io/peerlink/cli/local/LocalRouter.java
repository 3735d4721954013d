package io.peerlink.cli.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One router as a child process, started by {@code bin/peerlink-server}. Not thread-safe.
 */
public final class LocalRouter {
    private static final long STOP_SECONDS = 15;

    private final String id;
    private final String clientAddress;
    private final Path config;
    private final Path log;
    private final Path startScript;
    private final RouterPlace place;
    private @Nullable Process process;

    LocalRouter(String id, String clientAddress, Path directory, Path startScript, RouterPlace place) {
        this.id = id;
        this.clientAddress = clientAddress;
        this.config = directory.resolve(id + ".conf");
        this.log = directory.resolve(id + ".log");
        this.startScript = startScript;
        this.place = place;
    }

    public String id() {
        return id;
    }

    /** Where it listens for clients, as host:port. */
    public String clientAddress() {
        return clientAddress;
    }

    /** Its configuration file. */
    public Path config() {
        return config;
    }

    /** What it printed, all starts one after another. */
    public Path log() {
        return log;
    }

    /** Starts it; does nothing if it runs. */
    public void start() {
        if (isRunning()) {
            return;
        }
        List<String> command = new ArrayList<>(place.prefix());
        command.addAll(List.of(startScript.toString(), "-c", config.toString()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(place.environment());
        builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new IllegalStateException("cannot start " + startScript, e);
        }
    }

    public boolean isRunning() {
        return process != null && process.isAlive();
    }

    /** The process id; the script execs Java, so it is the router's own. */
    public long pid() {
        if (process == null) {
            throw new IllegalStateException(id + " was never started");
        }
        return process.pid();
    }

    /** SIGKILL. Returns when the process is gone. */
    public void kill() {
        if (process != null) {
            process.destroyForcibly();
            awaitEnd();
        }
    }

    /** SIGTERM, and SIGKILL if that takes too long. */
    public void stop() {
        if (process != null) {
            process.destroy();
            awaitEnd();
        }
    }

    private void awaitEnd() {
        Process ending = process;
        if (ending == null) {
            return;
        }
        try {
            if (!ending.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                ending.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            ending.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
