package io.peerlink.cli.bench;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.peerlink.cli.CliException;
import io.peerlink.cli.ExitCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code peerlink bench recovery}. */
@Command(
        name = "recovery",
        header = "How long a router takes to be back in step, by size of the state.",
        description = {
            "For each size: starts three routers of its own, fills them with messages, and takes a follower away three times:",
            "killed and started again; killed and away until the log that it would need is dropped; its disk lost and itself",
            "replaced by a new router. Reports the time from the start of its process until it has applied what the leader has",
            "committed."
        })
final class RecoveryCommand implements Callable<Integer> {
    private static final int MEGABYTES_MAX = 4_000;

    @Option(
            names = "--megabytes",
            paramLabel = "N",
            split = ",",
            defaultValue = "10,100",
            description = "sizes of the state, in bytes of messages (default: ${DEFAULT-VALUE})")
    private List<Integer> megabytes = List.of();

    @Option(names = "--json", description = "the last line is one JSON object")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (megabytes.stream().anyMatch(size -> size < 1 || size > MEGABYTES_MAX)) {
            throw new CliException(ExitCode.USAGE, "USAGE", "--megabytes must be 1 to " + MEGABYTES_MAX, "");
        }
        List<RecoveryBench.Result> results = new ArrayList<>();
        for (int size : megabytes) {
            try (BenchCluster cluster = new BenchCluster(RecoveryBench.CONFIG)) {
                RecoveryBench.Result result = new RecoveryBench(cluster).run(size);
                System.out.printf(
                        "%d MB: restarted %d ms, away beyond the log %d ms (%s), replaced %d ms%n",
                        size,
                        result.restartedMs(),
                        result.awayMs(),
                        result.awayInstalled() ? "by checkpoint" : "by log",
                        result.replacedMs());
                results.add(result);
                cluster.drop();
            }
        }
        if (json) {
            System.out.println(new Gson().toJson(json(results)));
        }
        return ExitCode.OK.number();
    }

    private static JsonObject json(List<RecoveryBench.Result> results) {
        JsonArray sizes = new JsonArray();
        for (RecoveryBench.Result result : results) {
            JsonObject size = new JsonObject();
            size.addProperty("megabytes", result.megabytes());
            size.addProperty("restarted_ms", result.restartedMs());
            size.addProperty("away_ms", result.awayMs());
            size.addProperty("away_by_checkpoint", result.awayInstalled());
            size.addProperty("replaced_ms", result.replacedMs());
            sizes.add(size);
        }
        JsonObject object = new JsonObject();
        object.add("sizes", sizes);
        return object;
    }
}
