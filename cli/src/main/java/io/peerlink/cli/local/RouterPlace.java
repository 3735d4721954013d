package io.peerlink.cli.local;

import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Where and how a router process runs.
 *
 * @param host the address it listens on and is known by
 * @param prefix words before the start script, for example {@code ip netns exec n1}; must exec, so that the process id stays
 * @param environment added to this process' own
 */
public record RouterPlace(String host, List<String> prefix, Map<String, String> environment) {
    /** On loopback, started directly. */
    public static final RouterPlace LOOPBACK = new RouterPlace("127.0.0.1", List.of(), Map.of());

    /** Copies both. */
    public RouterPlace {
        prefix = List.copyOf(prefix);
        environment = Map.copyOf(environment);
    }

    static List<RouterPlace> loopback(int size) {
        return Collections.nCopies(size, LOOPBACK);
    }
}
