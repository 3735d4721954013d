package io.peerlink.cli.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The cluster that {@code bin/cluster start} without {@code --dir} makes; the start script knows where. */
public final class CheckoutCluster {
    private static final String DIRECTORY = "peerlink.local.cluster";
    private static final int ROUTERS = 3;

    private CheckoutCluster() {}

    /**
     * The authority of that cluster, if it speaks TLS and all of these addresses are its own.
     *
     * @param servers each host:port
     */
    public static Optional<Path> authority(List<String> servers) {
        String where = System.getProperty(DIRECTORY, "");
        Path authority = Path.of(where, "tls", "ca.pem");
        if (where.isEmpty() || !Files.exists(authority)) {
            return Optional.empty();
        }
        try {
            int base = Integer.parseInt(
                    Files.readString(Path.of(where, "base-port")).strip());
            return servers.stream().allMatch(server -> isOf(base, server)) ? Optional.of(authority) : Optional.empty();
        } catch (IOException | NumberFormatException e) {
            // Half made or half deleted: not there.
            return Optional.empty();
        }
    }

    private static boolean isOf(int base, String server) {
        for (int i = 1; i <= ROUTERS; i++) {
            if (server.equals(RouterPlace.LOOPBACK.host() + ":" + (base + i))) {
                return true;
            }
        }
        return false;
    }
}
