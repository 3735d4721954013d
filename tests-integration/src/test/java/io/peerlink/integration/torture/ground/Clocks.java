package io.peerlink.integration.torture.ground;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/**
 * Wall clocks of routers that can be put forward and back: a rule in each router adds what its file says. libfaketime does this
 * without rules, but a JVM under it burns a core while idle.
 */
public final class Clocks {
    private static final String VARIABLE = "TORTURE_CLOCK";

    private final Path directory;

    Clocks(Path directory) {
        this.directory = directory;
    }

    /** What a router's environment must say. */
    Map<String, String> environment(int number) {
        Path file = directory.resolve("clock-" + number);
        write(file, Duration.ZERO);
        return Map.of(VARIABLE, file.toString());
    }

    /** The rule. */
    static Path script() {
        try {
            return Path.of(Objects.requireNonNull(Clocks.class.getResource("/clock.btm"))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** From now on the clock of the router with this environment is so much ahead of this machine's, or behind it. */
    public static void set(Map<String, String> environment, Duration ahead) {
        String file = environment.get(VARIABLE);
        if (file == null) {
            throw new IllegalStateException("the router has no clock to set");
        }
        write(Path.of(file), ahead);
    }

    /** At once as a whole: the router reads it all the time. */
    private static void write(Path file, Duration ahead) {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.writeString(fresh, String.valueOf(ahead.toMillis()));
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot set " + file, e);
        }
    }
}
