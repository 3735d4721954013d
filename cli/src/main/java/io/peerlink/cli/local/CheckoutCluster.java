package io.peerlink.cli.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The cluster that {@code bin/cluster start} without {@code --dir} makes, or for {@code bin/cluster} the one it acts on; the start scripts know where. */
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
        return isOf(servers) && Files.exists(authority()) ? Optional.of(authority()) : Optional.empty();
    }

    /** Whether all of these addresses are that cluster's, and it speaks no TLS. */
    public static boolean isPlain(List<String> servers) {
        return isOf(servers) && !Files.exists(authority());
    }

    private static Path authority() {
        return Path.of(System.getProperty(DIRECTORY, ""), "tls", "ca.pem");
    }

    private static boolean isOf(List<String> servers) {
        String where = System.getProperty(DIRECTORY, "");
        if (where.isEmpty()) {
            return false;
        }
        try {
            int base = Integer.parseInt(
                    Files.readString(Path.of(where, "base-port")).strip());
            return servers.stream().allMatch(server -> isOf(base, server));
        } catch (IOException | NumberFormatException e) {
            // Half made or half deleted: not there.
            return false;
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
