package io.peerlink.cli.bench;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.peerlink.cli.CliException;
import io.peerlink.cli.ExitCode;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code peerlink bench failover}. */
@Command(
        name = "failover",
        header = "How long acknowledgements stay away when the leader is taken away.",
        description = {
            "Starts three routers of its own, sends at a fixed rate and takes leader after leader away. Reports the longest",
            "time between two acknowledgements around each. Exits with 1 if anything acknowledged was lost, doubled or out of",
            "order, or if a send failed. All routers share one disk: beside each gap stands the longest time that the disk took",
            "for one block meanwhile, so that a disk that stood still is told from a router that did."
        })
final class FailoverCommand implements Callable<Integer> {
    private static final int RATE_MAX = 20_000;
    private static final int WARM_UP_MAX = 3_600;

    @Option(
            names = "--kills",
            paramLabel = "N",
            defaultValue = "20",
            description = "how often (default: ${DEFAULT-VALUE})")
    private int kills;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "500",
            description = "sends a second (default: ${DEFAULT-VALUE})")
    private int rate;

    @Option(
            names = "--size",
            paramLabel = "BYTES",
            defaultValue = "100",
            description = "body size (default: ${DEFAULT-VALUE})")
    private int size;

    @Option(
            names = "--fault",
            paramLabel = "FAULT",
            defaultValue = "kill",
            description = "what happens to the leader: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
    private Disruption fault = Disruption.KILL;

    @Option(
            names = "--warmup",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "undisturbed sending before the first, 0 to 3600 (default: ${DEFAULT-VALUE})")
    private int warmUp;

    @Option(names = "--json", description = "the last line is one JSON object")
    private boolean json;

    @Option(names = "--csv", description = "the last line is the figures, the line before their names")
    private boolean csv;

    @Option(names = "--no-progress", description = "no line for each round on standard error")
    private boolean quiet;

    @Option(names = "--keep", description = "keep the temporary directory with data and logs")
    private boolean keep;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (kills < 1 || rate < 1 || rate > RATE_MAX || warmUp < 0 || warmUp > WARM_UP_MAX) {
            throw new CliException(
                    ExitCode.USAGE,
                    "USAGE",
                    "--kills must be at least 1, --rate 1 to " + RATE_MAX + ", --warmup 0 to " + WARM_UP_MAX,
                    "");
        }
        boolean good = false;
        try (BenchCluster cluster = new BenchCluster("")) {
            FailoverBench.Plan plan = new FailoverBench.Plan(fault, kills, rate, size, warmUp);
            try (FailoverBench bench = new FailoverBench(cluster, plan)) {
                FailoverBench.Result result = bench.run(this::tell);
                report(result);
                good = result.good();
            }
            if (good && !keep) {
                cluster.drop();
            }
        }
        return good ? ExitCode.OK.number() : ExitCode.FAILED.number();
    }

    private void tell(FailoverBench.Round round) {
        if (!quiet) {
            System.err.println("gap " + round.gapMs() + " ms, disk " + round.diskMs() + " ms");
        }
    }

    private void report(FailoverBench.Result result) {
        List<Long> sorted = result.rounds().stream()
                .map(FailoverBench.Round::gapMs)
                .sorted()
                .toList();
        long median = sorted.get((sorted.size() - 1) / 2);
        long worst = sorted.get(sorted.size() - 1);
        System.out.printf(
                "%d x %s at %d/s: median gap %d ms, worst %d ms, longest of the whole run %d ms; acknowledged %d, lost %d,"
                        + " doubled %d, out of order %d, held back %d, errors %d%n",
                sorted.size(),
                fault.name().toLowerCase(java.util.Locale.ROOT),
                rate,
                median,
                worst,
                result.longestGapMs(),
                result.acknowledged(),
                result.lost(),
                result.doubled(),
                result.outOfOrder(),
                result.heldBack(),
                result.errors());
        if (csv) {
            csv(figures(result, median, worst)).forEach(System.out::println);
        }
        if (json) {
            System.out.println(new Gson().toJson(figures(result, median, worst)));
        }
    }

    private JsonObject figures(FailoverBench.Result result, long median, long worst) {
        JsonObject figures = new JsonObject();
        figures.addProperty("fault", fault.name().toLowerCase(java.util.Locale.ROOT));
        figures.addProperty("rate", rate);
        figures.addProperty("warmup_s", warmUp);
        JsonArray gaps = new JsonArray();
        JsonArray disk = new JsonArray();
        result.rounds().forEach(round -> {
            gaps.add(round.gapMs());
            disk.add(round.diskMs());
        });
        figures.add("gaps_ms", gaps);
        figures.add("disk_ms", disk);
        figures.addProperty("median_gap_ms", median);
        figures.addProperty("max_gap_ms", worst);
        figures.addProperty("longest_gap_ms", result.longestGapMs());
        figures.addProperty("acknowledged", result.acknowledged());
        figures.addProperty("lost", result.lost());
        figures.addProperty("doubled", result.doubled());
        figures.addProperty("out_of_order", result.outOfOrder());
        figures.addProperty("held_back", result.heldBack());
        figures.addProperty("errors", result.errors());
        return figures;
    }

    /** Names and values, a line each; what there is of each round stands in one field, with spaces between. */
    static List<String> csv(JsonObject figures) {
        String values = figures.asMap().values().stream()
                .map(value -> value.isJsonArray()
                        ? value.getAsJsonArray().asList().stream()
                                .map(JsonElement::getAsString)
                                .collect(Collectors.joining(" "))
                        : value.getAsString())
                .collect(Collectors.joining(","));
        return List.of(String.join(",", figures.keySet()), values);
    }
}
