package io.peerlink.cli.command;

import io.peerlink.cli.CliException;
import io.peerlink.cli.CommonOptions;
import io.peerlink.cli.ExitCode;
import io.peerlink.client.PeerLinkException;
import io.peerlink.client.admin.ClusterClient;
import io.peerlink.client.admin.RouterInfo;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code peerlink cluster leader}. */
@Command(name = "leader", header = "Print the leader's router id.")
final class ClusterLeaderCommand implements Callable<Integer> {
    private static final Duration CALL_LIMIT = Duration.ofSeconds(2);
    private static final long POLL_MS = 100;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--wait", paramLabel = "TIME", description = "wait until a leader takes sessions")
    private @Nullable Duration wait;

    @Override
    public Integer call() throws InterruptedException {
        CommonOptions options = CommonOptions.of(Objects.requireNonNull(spec));
        long deadline = System.nanoTime() + (wait == null ? 0 : wait.toNanos());
        try (ClusterClient cluster = new ClusterClient(CALL_LIMIT, options.trust())) {
            while (true) {
                Optional<String> leader = options.servers().stream()
                        .flatMap(server -> leading(cluster, server).stream())
                        .findFirst();
                if (leader.isPresent()) {
                    System.out.println(leader.get());
                    return ExitCode.OK.number();
                }
                if (System.nanoTime() >= deadline) {
                    throw new CliException(
                            ExitCode.UNAVAILABLE,
                            "UNAVAILABLE",
                            "no router of " + String.join(",", options.servers()) + " leads",
                            "peerlink cluster status tells how they are");
                }
                Thread.sleep(POLL_MS);
            }
        }
    }

    /** The router's id if it leads and takes sessions. */
    private static Optional<String> leading(ClusterClient cluster, String server) {
        try {
            RouterInfo router = cluster.router(server);
            return router.ready() ? Optional.of(router.routerId()) : Optional.empty();
        } catch (PeerLinkException e) {
            if (e.code().isDistrust()) {
                throw e;
            }
            return Optional.empty();
        }
    }
}
