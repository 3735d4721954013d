package io.peerlink.cli.command;

import io.peerlink.cli.CommonOptions;
import io.peerlink.cli.ExitCode;
import io.peerlink.cli.command.ClusterTour.Stop;
import io.peerlink.cli.output.OutputFormat;
import io.peerlink.cli.output.Table;
import io.peerlink.client.admin.ClusterClient;
import io.peerlink.client.admin.RouterInfo;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code peerlink cluster status}. */
@Command(
        name = "status",
        header = "Role, term, log position, room on disk and sessions of each router.",
        description = {
            "Asks every router in --servers, and those that they know of. The leader is marked with *. Lag counts",
            "log entries that the leader has committed and the router has not applied. Exits with 5 if none leads."
        })
final class ClusterStatusCommand implements Callable<Integer> {
    private static final List<String> COLUMNS = List.of(
            "address",
            "router",
            "role",
            "term",
            "committed",
            "applied",
            "lag",
            "checkpoint",
            "sessions",
            "disk_free_mb",
            "version",
            "digest");
    private static final int DIGEST_CHARACTERS = 16;
    private static final long MB = 1_000_000;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--digest", description = "also hash the whole state, to compare routers")
    private boolean digest;

    @Option(names = "--watch", description = "look again every --interval until interrupted")
    private boolean watch;

    @Option(
            names = "--interval",
            paramLabel = "TIME",
            defaultValue = "2s",
            description = "time between two looks (default: ${DEFAULT-VALUE})")
    private Duration interval = Duration.ofSeconds(2);

    @Override
    public Integer call() throws InterruptedException {
        CommonOptions options = CommonOptions.of(Objects.requireNonNull(spec));
        while (true) {
            boolean led = look(options);
            if (!watch) {
                return led ? ExitCode.OK.number() : ExitCode.UNAVAILABLE.number();
            }
            Thread.sleep(Math.max(100, interval.toMillis()));
        }
    }

    private boolean look(CommonOptions options) {
        try (ClusterClient cluster = options.cluster()) {
            List<Stop> stops = ClusterTour.of(digest ? cluster::routerWithDigest : cluster::router, options.servers());
            Optional<RouterInfo> leader = ClusterTour.leader(stops);
            Table table = new Table(
                    COLUMNS, stops.stream().map(stop -> row(stop, leader)).toList());
            if (watch && options.format() == OutputFormat.TABLE) {
                options.theme().clearScreen().ifPresent(System.out::print);
            }
            options.printer().print(table);
            return leader.isPresent();
        }
    }

    private static List<Object> row(Stop stop, Optional<RouterInfo> leader) {
        if (stop.info().isEmpty()) {
            Object[] row = new Object[COLUMNS.size()];
            Arrays.fill(row, "-");
            row[0] = stop.address();
            row[1] = stop.routerId().isEmpty() ? "-" : stop.routerId();
            row[2] = "DOWN";
            row[row.length - 1] = stop.failure();
            return Collections.unmodifiableList(Arrays.asList(row));
        }
        RouterInfo router = stop.info().get();
        return List.of(
                stop.address(),
                router.routerId(),
                role(router),
                router.term(),
                router.log().committed(),
                router.log().applied(),
                leader.<Object>map(leading -> Math.max(
                                0, leading.log().committed() - router.log().applied()))
                        .orElse("-"),
                router.log().checkpoint(),
                router.sessions(),
                router.disk().free() / MB,
                router.version(),
                router.digest()
                        .map(found -> found.index() + ":" + found.hex().substring(0, DIGEST_CHARACTERS))
                        .orElse("-"));
    }

    /** As people know it; the leader is marked. */
    static String role(RouterInfo router) {
        if (router.role() != RouterInfo.Role.LEADER) {
            return router.role().name();
        }
        return router.ready() ? "*LEADER" : "LEADER (starting)";
    }
}
