package io.peerlink.cli.bench;

import io.peerlink.cli.local.LocalCluster;
import io.peerlink.client.PeerLinkClient;
import io.peerlink.client.identity.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Three routers in a temporary directory, gone at the end however the command ends. */
final class BenchCluster implements AutoCloseable {
    private static final int ROUTERS = 3;

    private final Path directory;
    private final LocalCluster cluster;
    private final Thread cleanUp;
    private boolean keep = true;

    /**
     * Prepares the routers; starts none.
     *
     * @param extraConfig HOCON lines for each router, under {@code peerlink}
     */
    BenchCluster(String extraConfig) throws IOException {
        this.directory = Files.createTempDirectory("peerlink-bench-");
        this.cluster = LocalCluster.prepare(LocalCluster.home(), directory, ROUTERS, extraConfig);
        // Ctrl-C must not leave routers behind.
        this.cleanUp = new Thread(cluster::close, "bench-clean-up");
        Runtime.getRuntime().addShutdownHook(cleanUp);
    }

    LocalCluster routers() {
        return cluster;
    }

    /** Where data and logs lie. */
    Path directory() {
        return directory;
    }

    /** A peer of its own with this name, attached. Any thread. */
    PeerLinkClient connect(String name, Duration patience) {
        return PeerLinkClient.builder()
                .servers(cluster.servers())
                .identity(Identity.generate(name))
                .connectTimeout(patience)
                .requestTimeout(patience)
                .agent("peerlink-bench")
                .build()
                .connect();
    }

    /** All is well: nobody will want data and logs. Without this they stay. */
    void drop() {
        keep = false;
    }

    @Override
    public void close() {
        cluster.close();
        Runtime.getRuntime().removeShutdownHook(cleanUp);
        if (keep) {
            System.err.println("data and logs are in " + directory);
        } else {
            cluster.delete();
        }
    }
}
