package io.peerlink.cli.command;

import io.peerlink.cli.CommonOptions;
import io.peerlink.cli.ExitCode;
import io.peerlink.cli.command.ClusterTour.Stop;
import io.peerlink.cli.output.OutputFormat;
import io.peerlink.cli.output.Screen;
import io.peerlink.cli.output.Table;
import io.peerlink.client.admin.ClusterClient;
import io.peerlink.client.admin.RouterInfo;
import java.io.IOException;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code peerlink top}. */
@Command(
        name = "top",
        header = "What every router is doing, live.",
        description = {
            "Asks every router in --servers, and those that they know of. Rates are of the time between two looks. Lag counts",
            "entries that the leader has committed and the router has not applied, the backlog what waits in all inboxes.",
            "Leave with q. Without a terminal, or with --once, prints once, after one --interval."
        })
public final class TopCommand implements Callable<Integer> {
    private static final Duration INTERVAL_MIN = Duration.ofMillis(100);

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--once", description = "print one table and end")
    private boolean once;

    @Option(
            names = "--interval",
            paramLabel = "TIME",
            defaultValue = "1s",
            description = "time between two looks (default: ${DEFAULT-VALUE})")
    private Duration interval = Duration.ofSeconds(1);

    @Override
    public Integer call() throws IOException, InterruptedException {
        CommonOptions options = CommonOptions.of(Objects.requireNonNull(spec));
        Duration pause = interval.compareTo(INTERVAL_MIN) < 0 ? INTERVAL_MIN : interval;
        try (ClusterClient cluster = options.cluster()) {
            if (once || options.format() != OutputFormat.TABLE || !CommonOptions.isInteractive()) {
                TopTable table = new TopTable();
                Table unused = table.next(look(cluster, options));
                Thread.sleep(pause.toMillis());
                List<Stop> stops = look(cluster, options);
                options.printer().print(table.next(stops));
                return ClusterTour.leader(stops).isPresent() ? ExitCode.OK.number() : ExitCode.UNAVAILABLE.number();
            }
            watch(cluster, options, pause);
            return ExitCode.OK.number();
        }
    }

    private static void watch(ClusterClient cluster, CommonOptions options, Duration pause) throws IOException {
        TopTable table = new TopTable();
        try (Screen screen = new Screen()) {
            do {
                List<Stop> stops = look(cluster, options);
                screen.show(title(options, stops), table.next(stops));
            } while (!screen.isLeft(pause));
        }
    }

    private static List<Stop> look(ClusterClient cluster, CommonOptions options) {
        return ClusterTour.of(cluster::routerWithLoad, options.servers());
    }

    private static String title(CommonOptions options, List<Stop> stops) {
        Optional<RouterInfo> leader = ClusterTour.leader(stops);
        String led = leader.map(
                        router -> router.clusterId() + ", " + router.routerId() + " leads in term " + router.term())
                .orElse("nobody leads");
        return options.theme().style("bold", "PeerLink") + "  " + led + "  "
                + LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS) + "  (q leaves)";
    }
}
