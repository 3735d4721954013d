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
    private final Addresses addresses;
    private final Path data;
    private final Path config;
    private final Path log;
    private final Path startScript;
    private final RouterPlace place;
    private @Nullable Process process;

    /** Where it listens: host:port for clients, for routers and for HTTP. */
    record Addresses(String client, String raft, String http) {}

    LocalRouter(String id, Addresses addresses, Path directory, Path startScript, RouterPlace place) {
        this.id = id;
        this.addresses = addresses;
        this.data = directory.resolve(id).toAbsolutePath();
        this.config = directory.resolve(id + ".conf");
        this.log = directory.resolve(id + ".log");
        this.startScript = startScript;
        this.place = place;
    }

    public String id() {
        return id;
    }

    Addresses addresses() {
        return addresses;
    }

    /** Where and how it runs. */
    public RouterPlace place() {
        return place;
    }

    /** Where it listens for clients, as host:port. */
    public String clientAddress() {
        return addresses.client();
    }

    /** Where it listens for routers, as host:port. */
    public String raftAddress() {
        return addresses.raft();
    }

    /** Where it serves HTTP, as host:port. */
    public String httpAddress() {
        return addresses.http();
    }

    /** Its data directory. */
    public Path data() {
        return data;
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
        start(List.of());
    }

    /** Starts it on an empty data directory, to be added to a cluster that runs; does nothing if it runs. */
    public void join() {
        start(List.of("--join"));
    }

    private void start(List<String> more) {
        if (isRunning()) {
            return;
        }
        List<String> command = new ArrayList<>(place.prefix());
        command.addAll(List.of(startScript.toString(), "-c", config.toString()));
        command.addAll(more);
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

    /** The status with which it ended; waits for the end. */
    public int exitStatus() {
        Process ending = process;
        if (ending == null) {
            throw new IllegalStateException(id + " was never started");
        }
        awaitEnd();
        return ending.exitValue();
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
