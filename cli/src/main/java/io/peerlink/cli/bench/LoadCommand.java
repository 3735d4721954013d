package io.peerlink.cli.bench;

import io.peerlink.cli.CliException;
import io.peerlink.cli.CommonOptions;
import io.peerlink.cli.ExitCode;
import io.peerlink.cli.local.LocalRouter;
import io.peerlink.cli.output.OutputFormat;
import io.peerlink.cli.output.Printer;
import io.peerlink.client.RouterTrust;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What the commands that put load on a cluster have in common: options, and the run itself. */
abstract class LoadCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SESSIONS_MAX = 10_000;
    private static final int AWAY_MAX = 100_000;
    private static final int RATE_MAX = 1_000_000;

    @Option(
            names = "--senders",
            paramLabel = "N",
            defaultValue = "1",
            description = "sessions that send (default: ${DEFAULT-VALUE})")
    private int senders;

    @Option(
            names = "--clients",
            paramLabel = "N",
            defaultValue = "0",
            description = "further peers that are connected and do nothing (default: ${DEFAULT-VALUE})")
    private int clients;

    @Option(
            names = "--in-flight",
            paramLabel = "N",
            description = "sends of each sender without an outcome (default: 1 for latency, else 1000)")
    private @Nullable Integer inFlight;

    @Option(
            names = "--size",
            paramLabel = "BYTES",
            defaultValue = "100",
            description = "body size (default: ${DEFAULT-VALUE})")
    private int size;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "0",
            description = "sends a second of all senders together; 0: as many as --in-flight lets through (default: 0)")
    private int rate;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            defaultValue = "20s",
            description = "how long is measured (default: ${DEFAULT-VALUE})")
    private Duration duration = Duration.ofSeconds(20);

    @Option(
            names = "--warmup",
            paramLabel = "TIME",
            defaultValue = "10s",
            description = "load before that (default: ${DEFAULT-VALUE})")
    private Duration warmUp = Duration.ofSeconds(10);

    @Option(names = "--json", description = "the last line is one JSON object")
    private boolean json;

    @Option(names = "--csv", description = "the last line is the figures, the line before their names")
    private boolean csv;

    @Option(names = "--no-progress", description = "no bar, and no line for each second, on standard error")
    private boolean quiet;

    @Option(
            names = "--compare",
            paramLabel = "FILE",
            description = "an earlier --json line: prints this run's figures as multiples of it")
    private @Nullable Path compare;

    @Option(
            names = "--plot",
            paramLabel = "FILE",
            description = "draws latency over percentiles and the rate over time: FILE.svg or FILE.png")
    private @Nullable Path plot;

    @Spec
    private @Nullable CommandSpec spec;

    private final Workload.Shape shape;
    private final int usualInFlight;

    LoadCommand(Workload.Shape shape, int usualInFlight) {
        this.shape = shape;
        this.usualInFlight = usualInFlight;
    }

    /** How many peers are sent to. */
    int receivers(int sending) {
        return sending;
    }

    /** How many members of the group are not connected. */
    int away() {
        return 0;
    }

    @Override
    public final Integer call() throws IOException, InterruptedException {
        Workload plan = plan();
        Optional<Figures> earlier = Optional.ofNullable(compare).map(Figures::read);
        Optional<LoadPlot> drawing = Optional.ofNullable(plot).map(LoadPlot::new);
        LoadReport report = report(plan);
        CommonOptions options = CommonOptions.of(Objects.requireNonNull(spec));
        boolean onlyJson = options.format() == OutputFormat.JSON;
        if (!onlyJson) {
            // With headers also when nobody watches: figures without names are of no use in a file either.
            report.print(new Printer(OutputFormat.TABLE, true, options.theme(), System.out::println), earlier);
        }
        if (drawing.isPresent()) {
            drawing.get().write(report);
        }
        if (csv) {
            report.figures().csv().forEach(System.out::println);
        }
        if (json || onlyJson) {
            System.out.println(report.figures().json());
        }
        return report.result().good() ? ExitCode.OK.number() : ExitCode.FAILED.number();
    }

    private LoadReport report(Workload plan) throws IOException, InterruptedException {
        Optional<List<String>> given = servers();
        if (given.isPresent()) {
            return run(given.get(), List.of(), plan, environment(Optional.empty()));
        }
        try (BenchCluster cluster = new BenchCluster("")) {
            BenchEnvironment environment = environment(Optional.of(SyncLatency.measure(cluster.directory())));
            cluster.routers().start();
            cluster.routers().awaitLeader(PATIENCE);
            LoadReport report =
                    run(cluster.routers().servers(), cluster.routers().routers(), plan, environment);
            if (report.result().good()) {
                cluster.drop();
            }
            return report;
        }
    }

    private BenchEnvironment environment(Optional<SyncLatency> sync) {
        return BenchEnvironment.here(Objects.requireNonNull(spec).root().version()[0], sync);
    }

    private LoadReport run(List<String> servers, List<LocalRouter> routers, Workload plan, BenchEnvironment environment)
            throws InterruptedException {
        RouterTrust trust = routers.isEmpty()
                ? CommonOptions.of(Objects.requireNonNull(spec)).trust()
                : RouterTrust.plainText();
        try (LoadBench bench = new LoadBench(servers, trust, routers, plan);
                LoadProgress progress = LoadProgress.of(!quiet, CommonOptions.stderrIsTerminal(), plan)) {
            return new LoadReport(plan, bench.run(progress), environment);
        }
    }

    private Workload plan() {
        int window = inFlight == null ? usualInFlight : inFlight;
        require(senders >= 1 && senders <= SESSIONS_MAX, "--senders", "1 to " + SESSIONS_MAX);
        require(clients >= 0 && clients <= SESSIONS_MAX, "--clients", "0 to " + SESSIONS_MAX);
        require(window >= 1 && window <= LoadBench.UNSETTLED_MAX, "--in-flight", "1 to " + LoadBench.UNSETTLED_MAX);
        require(size >= LoadBody.BYTES && size <= 1 << 18, "--size", LoadBody.BYTES + " to " + (1 << 18));
        require(rate >= 0 && rate <= RATE_MAX, "--rate", "0 to " + RATE_MAX);
        require(!duration.isNegative() && duration.toMillis() >= 100, "--duration", "at least 100ms");
        require(!warmUp.isNegative(), "--warmup", "not negative");
        int to = receivers(senders);
        require(to >= 1 && to <= SESSIONS_MAX, "--members", "1 to " + SESSIONS_MAX);
        require(away() >= 0 && away() <= AWAY_MAX, "--away", "0 to " + AWAY_MAX);
        return new Workload(shape, senders, to, clients, away(), window, size, rate, warmUp, duration);
    }

    private static void require(boolean holds, String option, String allowed) {
        if (!holds) {
            throw new CliException(ExitCode.USAGE, "USAGE", option + " must be " + allowed, "");
        }
    }

    /** The routers that were named on the command line; none: the bench starts its own. */
    private Optional<List<String>> servers() {
        for (CommandLine line = Objects.requireNonNull(spec).commandLine(); line != null; line = line.getParent()) {
            if (line.getParseResult().hasMatchedOption("--servers")) {
                List<String> named = line.getParseResult().matchedOptionValue("--servers", List.of());
                return Optional.of(named);
            }
        }
        return Optional.empty();
    }
}
