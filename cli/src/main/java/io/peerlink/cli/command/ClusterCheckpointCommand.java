package io.peerlink.cli.command;

import io.peerlink.cli.CliException;
import io.peerlink.cli.CommonOptions;
import io.peerlink.cli.ExitCode;
import io.peerlink.cli.Failure;
import io.peerlink.cli.command.ClusterTour.Stop;
import io.peerlink.cli.output.Table;
import io.peerlink.client.PeerLinkException;
import io.peerlink.client.admin.ClusterAdmin;
import io.peerlink.client.admin.ClusterClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code peerlink cluster checkpoint}. */
@Command(
        name = "checkpoint",
        header = "Make a checkpoint now, so that a restart has less to replay.",
        description = "Routers make them by themselves; this is for before maintenance. Prints the index of each.")
final class ClusterCheckpointCommand implements Callable<Integer> {
    private static final String ALL = "all";

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(
            paramLabel = "ROUTER|all",
            arity = "0..1",
            defaultValue = ALL,
            description = "a router's id (default: ${DEFAULT-VALUE})")
    private String router = ALL;

    @Override
    public Integer call() {
        CommonOptions options = CommonOptions.of(Objects.requireNonNull(spec));
        List<Stop> chosen = choose(options, router);
        ClusterAdmin admin = options.admin();
        List<List<Object>> rows = new ArrayList<>();
        ExitCode worst = ExitCode.OK;
        for (Stop stop : chosen) {
            String name = stop.routerId().isEmpty() ? stop.address() : stop.routerId();
            try {
                rows.add(List.of(name, admin.checkpoint(stop.address()), "OK"));
            } catch (PeerLinkException e) {
                Failure failure = Failure.of(e);
                worst = failure.exitCode();
                rows.add(List.of(name, "-", failure.code()));
            }
        }
        options.printer().print(new Table(List.of("router", "checkpoint", "result"), rows));
        return worst.number();
    }

    /** The routers that are meant by an id, or all. */
    static List<Stop> choose(CommonOptions options, String router) {
        List<Stop> stops;
        try (ClusterClient cluster = options.cluster()) {
            stops = ClusterTour.of(cluster::router, options.servers());
        }
        List<Stop> chosen = stops.stream()
                .filter(stop -> router.equalsIgnoreCase(ALL) || stop.routerId().equals(router))
                .toList();
        if (chosen.isEmpty()) {
            throw new CliException(
                    ExitCode.NOT_FOUND,
                    "UNKNOWN_ROUTER",
                    "no router " + router + " in this cluster",
                    "peerlink cluster members lists them");
        }
        return chosen;
    }
}
