package io.peerlink.server;

import io.peerlink.server.backup.Restore;
import io.peerlink.server.backup.RestoreException;
import io.peerlink.server.config.ConfigException;
import io.peerlink.server.config.ConfigLoader;
import io.peerlink.server.config.ServerConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code bin/peerlink-server restore DIR -c FILE [--other-cluster]}: fills a data directory from a backup, and ends. */
final class RestoreMain {
    private static final int EXIT_OK = 0;
    private static final int EXIT_FAILED = 1;
    private static final int EXIT_USAGE = 2;
    private static final int EXIT_NOT_FOUND = 3;
    private static final int EXIT_CONFLICT = 4;
    private static final String OTHER_CLUSTER = "--other-cluster";

    private RestoreMain() {}

    /** Returns the exit code. */
    static int run(List<String> arguments) {
        List<String> rest = new ArrayList<>(arguments);
        boolean otherCluster = rest.remove(OTHER_CLUSTER);
        if (rest.size() != 3 || !rest.get(1).equals("-c")) {
            System.err.println("error: USAGE peerlink-server restore DIR -c FILE [" + OTHER_CLUSTER + "]");
            return EXIT_USAGE;
        }
        try {
            ServerConfig config = ConfigLoader.load(Optional.of(Path.of(rest.get(2))), System.getenv());
            Restore.Restored restored = Restore.run(config, Path.of(rest.get(0)), otherCluster);
            System.out.println("restored router " + config.routerId() + " of cluster " + config.clusterId()
                    + " at index " + restored.position().index() + ", digest " + restored.digest());
            return EXIT_OK;
        } catch (ConfigException e) {
            e.problems().forEach(problem -> System.err.println("error: CONFIG " + problem));
            return EXIT_USAGE;
        } catch (RestoreException e) {
            System.err.println("error: " + e.kind() + " " + e.getMessage());
            return switch (e.kind()) {
                case NO_BACKUP -> EXIT_NOT_FOUND;
                case CONFLICT -> EXIT_CONFLICT;
                case DAMAGED -> EXIT_FAILED;
            };
        } catch (IOException | RuntimeException e) {
            System.err.println("error: FAILED " + e);
            return EXIT_FAILED;
        }
    }
}
