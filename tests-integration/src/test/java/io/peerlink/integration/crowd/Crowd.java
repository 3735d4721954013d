package io.peerlink.integration.crowd;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import io.peerlink.cli.local.LocalCluster;
import io.peerlink.cli.local.LocalRouter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Measures an honest pair of peers alone, gathers a crowd on the same cluster, and measures the pair again; and what memory the crowd
 * takes in the leader. The pair and those who flood are processes of their own ({@code bin/peerlink bench}), so that nobody is
 * measured by the one who disturbs. Prints figures and judges nothing: two cores are shared by all of them.
 */
@Command(
        name = "crowd",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "What a crowd on the same cluster costs an honest pair of peers, and a router in memory.")
public final class Crowd implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** For what follows the measured time: the flood must outlast it. */
    private static final int MARGIN_SECONDS = 20;

    @Option(names = "--idle", description = "peers that are connected and do nothing", defaultValue = "0")
    private int idle;

    @Option(names = "--stalled", description = "peers that are sent to and stop reading", defaultValue = "0")
    private int stalled;

    @Option(names = "--flood", description = "peers that send as much as they can", defaultValue = "0")
    private int flood;

    @Option(names = "--flood-size", description = "bytes in their messages", defaultValue = "100")
    private int floodSize;

    @Option(
            names = "--beside",
            description = "a command that runs beside the pair; it finds the leader's address in PEERLINK_TARGET",
            defaultValue = "")
    private String beside = "";

    @Option(
            names = "--config",
            description = "more configuration of the routers, such as 'limits.sends-per-second = 20000'",
            defaultValue = "")
    private String config = "";

    @Option(names = "--rate", description = "the pair's messages a second", defaultValue = "200")
    private int rate;

    @Option(names = "--seconds", description = "how long the pair is measured, each time", defaultValue = "30")
    private int seconds;

    @Option(names = "--warmup", description = "seconds of the pair's load before that", defaultValue = "10")
    private int warmUp;

    private final Path checkout;

    Crowd(Path checkout) {
        this.checkout = checkout;
    }

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Crowd(Path.of("").toAbsolutePath())).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path home = checkout.resolve("bin/target/dist");
        Path directory = Files.createTempDirectory("peerlink-crowd-");
        LocalCluster cluster = LocalCluster.prepare(home, directory, 3, config);
        Thread hook = new Thread(cluster::close, "kill-routers");
        Runtime.getRuntime().addShutdownHook(hook);
        try (cluster) {
            cluster.start();
            LocalRouter leader = cluster.awaitLeader(PATIENCE);
            run(cluster, leader);
        }
        Runtime.getRuntime().removeShutdownHook(hook);
        cluster.delete();
        return 0;
    }

    private void run(LocalCluster cluster, LocalRouter leader) throws IOException, InterruptedException {
        JsonObject alone = honestPair(cluster);
        RouterMemory memory = new RouterMemory(leader.pid());
        JsonObject beside;
        long before;
        long after;
        long peak;
        try (StalledPeers stalledPeers = StalledPeers.gather(cluster.servers(), leader.clientAddress(), stalled)) {
            // What waits for them is in the tables and their caches by now, whether they read it or not.
            before = memory.residentKib();
            try (Idlers idlers = Idlers.attach(cluster.servers(), idle)) {
                stalledPeers.stall();
                after = memory.residentKib();
                System.err.printf("gathered: %d idle, %d stalled%n", idlers.count(), stalledPeers.count());
                memory.forgetPeak();
                beside = honestPairBesideOthers(cluster, leader);
                peak = memory.peakKib();
            }
        }
        report(alone, beside, List.of(before, after, peak));
    }

    private JsonObject honestPairBesideOthers(LocalCluster cluster, LocalRouter leader)
            throws IOException, InterruptedException {
        List<Process> others = new ArrayList<>();
        try {
            flood(cluster).ifPresent(others::add);
            beside(leader).ifPresent(others::add);
            return honestPair(cluster);
        } finally {
            others.forEach(Process::destroyForcibly);
        }
    }

    private Optional<Process> beside(LocalRouter leader) throws IOException {
        if (beside.isEmpty()) {
            return Optional.empty();
        }
        ProcessBuilder command = new ProcessBuilder("bash", "-c", "exec " + beside)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(
                        ProcessBuilder.Redirect.to(Path.of("/dev/stderr").toFile()));
        command.environment().put("PEERLINK_TARGET", leader.clientAddress());
        return Optional.of(command.start());
    }

    private Optional<Process> flood(LocalCluster cluster) throws IOException {
        if (flood == 0) {
            return Optional.empty();
        }
        return Optional.of(bench(
                        cluster,
                        "send",
                        seconds + warmUp + MARGIN_SECONDS,
                        0,
                        List.of(
                                "--senders",
                                String.valueOf(flood),
                                "--in-flight",
                                "15000",
                                "--size",
                                String.valueOf(floodSize)))
                .start());
    }

    private JsonObject honestPair(LocalCluster cluster) throws IOException, InterruptedException {
        Process bench = bench(cluster, "deliver", seconds, warmUp, List.of("--rate", String.valueOf(rate)))
                .redirectOutput(ProcessBuilder.Redirect.PIPE)
                .start();
        String output = new String(bench.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (bench.waitFor() != 0) {
            throw new IllegalStateException("the honest pair failed:\n" + output);
        }
        List<String> lines = output.lines().toList();
        return new Gson().fromJson(lines.get(lines.size() - 1), JsonObject.class);
    }

    private ProcessBuilder bench(LocalCluster cluster, String workload, int time, int before, List<String> more) {
        List<String> command =
                new ArrayList<>(List.of(checkout.resolve("bin/peerlink").toString(), "bench", workload));
        command.addAll(List.of("--servers", String.join(",", cluster.servers()), "--json", "--no-progress"));
        command.addAll(List.of("--duration", time + "s", "--warmup", before + "s"));
        command.addAll(more);
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    }

    /** Of the leader's memory: before the crowd came, with it, and its peak while the pair was measured. */
    private void report(JsonObject alone, JsonObject beside, List<Long> kib) {
        JsonObject figures = new JsonObject();
        Map.of("idle", idle, "stalled", stalled, "flood", flood, "rate", rate).forEach(figures::addProperty);
        for (String percentile : List.of("p50_us", "p99_us", "max_us")) {
            figures.addProperty("alone_" + percentile, alone.get(percentile).getAsLong());
            figures.addProperty("beside_" + percentile, beside.get(percentile).getAsLong());
        }
        figures.addProperty(
                "p99_ratio",
                beside.get("p99_us").getAsDouble() / alone.get("p99_us").getAsDouble());
        figures.addProperty("leader_kib_before", kib.get(0));
        figures.addProperty("leader_kib_after", kib.get(1));
        figures.addProperty("leader_kib_peak", kib.get(2));
        if (idle + stalled > 0) {
            figures.addProperty("kib_each", (double) (kib.get(1) - kib.get(0)) / (idle + stalled));
        }
        System.out.println(new Gson().toJson(figures));
    }
}
