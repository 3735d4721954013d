package io.peerlink.cli.command;

import io.peerlink.cli.CliException;
import io.peerlink.cli.CommonOptions;
import io.peerlink.cli.ExitCode;
import io.peerlink.cli.output.Table;
import io.peerlink.client.PeerLinkException;
import io.peerlink.client.admin.ClusterClient;
import io.peerlink.client.admin.RouterInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code peerlink cluster}. */
@Command(name = "cluster", header = "How the routers are.")
public final class ClusterCommand implements Runnable {
    private static final Duration CALL_LIMIT = Duration.ofSeconds(2);
    private static final long POLL_MS = 100;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec().commandLine(), "cluster needs a command: status or leader");
    }

    @Command(
            header = "Role, term, log position and sessions of each router.",
            description = "Asks every router in --servers. Exits with 5 if none of them leads.")
    int status(
            @Option(names = "--digest", description = "also hash the whole state, to compare routers") boolean digest) {
        CommonOptions options = CommonOptions.of(spec());
        List<List<Object>> rows = new ArrayList<>();
        boolean led = false;
        try (ClusterClient cluster = new ClusterClient(options.timeout())) {
            for (String server : options.servers()) {
                try {
                    RouterInfo router = digest ? cluster.routerWithDigest(server) : cluster.router(server);
                    led |= router.ready();
                    rows.add(row(server, router));
                } catch (PeerLinkException e) {
                    rows.add(List.of(
                            server,
                            "-",
                            "DOWN",
                            "-",
                            "-",
                            "-",
                            "-",
                            "-",
                            "-",
                            e.code().name()));
                }
            }
        }
        options.printer()
                .print(new Table(
                        List.of(
                                "address",
                                "router",
                                "role",
                                "term",
                                "committed",
                                "applied",
                                "checkpoint",
                                "sessions",
                                "version",
                                "digest"),
                        rows));
        return led ? ExitCode.OK.number() : ExitCode.UNAVAILABLE.number();
    }

    private static List<Object> row(String server, RouterInfo router) {
        return List.of(
                server,
                router.routerId(),
                router.role() == RouterInfo.Role.LEADER && !router.ready()
                        ? "LEADER (starting)"
                        : router.role().name(),
                router.term(),
                router.log().committed(),
                router.log().applied(),
                router.log().checkpoint(),
                router.sessions(),
                router.version(),
                router.digest()
                        .map(digest -> digest.index() + ":" + digest.hex().substring(0, 16))
                        .orElse("-"));
    }

    @Command(header = "Print the leader's router id.")
    int leader(
            @Option(names = "--wait", paramLabel = "TIME", description = "wait until a leader takes sessions") @Nullable Duration wait)
            throws InterruptedException {
        CommonOptions options = CommonOptions.of(spec());
        long deadline = System.nanoTime() + (wait == null ? 0 : wait.toNanos());
        try (ClusterClient cluster = new ClusterClient(CALL_LIMIT)) {
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
            return Optional.empty();
        }
    }

    private CommandSpec spec() {
        return Objects.requireNonNull(spec);
    }
}
