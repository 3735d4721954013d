package io.peerlink.cli;

import io.peerlink.cli.local.LocalCluster;
import io.peerlink.cli.local.LocalRouter;
import io.peerlink.cli.local.RouterPlace;
import io.peerlink.client.OutgoingMessage;
import io.peerlink.client.PeerLinkClient;
import io.peerlink.client.admin.ClusterAdmin;
import io.peerlink.client.identity.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Run once when the distribution is assembled: a cluster starts, carries a message and stops, so that the JVM can archive the
 * classes which that took (class data sharing, JEP 310 and 350). Routers and commands that start from the archive need about
 * half the processor time until they are up.
 */
public final class Rehearsal {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Rehearsal() {}

    /**
     * @param args the distribution's directory, and the archive to write of a router; the JVM that runs this writes its own
     */
    public static void main(String[] args) throws IOException {
        Path directory = Files.createTempDirectory("peerlink-rehearsal");
        RouterPlace archiving = new RouterPlace(
                RouterPlace.LOOPBACK.host(),
                List.of(),
                Map.of("PEERLINK_JAVA_OPTS", "-Xlog:disable -XX:ArchiveClassesAtExit=" + args[1]));
        LocalCluster cluster = LocalCluster.prepare(
                Path.of(args[0]), directory, List.of(archiving, RouterPlace.LOOPBACK, RouterPlace.LOOPBACK), "");
        try (cluster) {
            cluster.start();
            perform(cluster, directory);
            cluster.stop();
        }
        cluster.delete();
    }

    private static void perform(LocalCluster cluster, Path directory) {
        cluster.awaitLeader(PATIENCE);
        LocalRouter archiving = cluster.routers().get(0);
        String servers = String.join(",", cluster.servers());
        try (PeerLinkClient client = PeerLinkClient.builder()
                .servers(cluster.servers())
                .identity(Identity.generate("rehearsal"))
                .endToEnd(directory)
                .connectTimeout(PATIENCE)
                .build()
                .connect()) {
            new ClusterAdmin(cluster.servers(), PATIENCE).transferLeadership(Optional.of(archiving.id()));
            CompletableFuture<Void> came = new CompletableFuture<>();
            client.subscribe(message -> came.complete(null));
            client.keyPublished().join();
            client.sendAsync(OutgoingMessage.text("rehearsal", "hello").sealed())
                    .join();
            came.join();
        }
        PeerLinkCli.execute("cluster", "status", "--servers", servers);
    }
}
