package io.peerlink.integration.crowd;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import io.peerlink.cli.local.LocalCluster;
import io.peerlink.cli.local.LocalRouter;
import io.peerlink.cli.local.RouterPlace;
import io.peerlink.cli.tls.ClusterCertificates;
import io.peerlink.client.RouterTrust;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Measures an honest pair of peers alone, gathers a crowd on the same cluster, and measures the pair again; and what memory the crowd
 * takes in the leader. The pair, those who flood ({@code bin/peerlink bench} both) and attackers are processes of their own, so that
 * nobody is measured by the one who disturbs. Prints figures and judges nothing: two cores are shared by all of them.
 */
@Command(
        name = "crowd",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "What a crowd on the same cluster costs an honest pair of peers, and a router in memory.")
public final class Crowd implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration CERTIFICATES_VALID = Duration.ofDays(1);
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
            names = "--attack",
            paramLabel = "KIND",
            description = {
                "peers that do on purpose what is a burden, as fast as the router lets them; the routers then have the limits that conf/peerlink.conf has."
                        + " One of ${COMPLETION-CANDIDATES}"
            })
    private @Nullable Attack attack;

    @Option(names = "--attackers", description = "how many of them", defaultValue = "4")
    private int attackers;

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

    @Option(names = "--tls", description = "routers, the pair and all others by TLS")
    private boolean tls;

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
        System.exit(commandLine(new Crowd(Path.of("").toAbsolutePath())).execute(arguments));
    }

    static CommandLine commandLine(Object command) {
        return new CommandLine(command).setUsageHelpAutoWidth(true);
    }

    @Override
    public Integer call() throws IOException, InterruptedException, GeneralSecurityException {
        Path home = checkout.resolve("bin/target/dist");
        Path directory = Files.createTempDirectory("peerlink-crowd-");
        String lines = (attack == null ? "" : usualLimits()) + config + '\n';
        Optional<Path> authority = Optional.empty();
        if (tls) {
            ClusterCertificates made = ClusterCertificates.create(directory.resolve("tls"));
            lines += ClusterCertificates.configuration(
                    made.issue(List.of(RouterPlace.LOOPBACK.host()), CERTIFICATES_VALID, false));
            authority = Optional.of(made.authority());
        }
        LocalCluster cluster = LocalCluster.prepare(home, directory, 3, lines).trusting(trust(authority));
        Thread hook = new Thread(cluster::close, "kill-routers");
        Runtime.getRuntime().addShutdownHook(hook);
        try (cluster) {
            cluster.start();
            LocalRouter leader = cluster.awaitLeader(PATIENCE);
            run(cluster.servers(), leader, authority);
        }
        Runtime.getRuntime().removeShutdownHook(hook);
        cluster.delete();
        return 0;
    }

    /** What routers have that are not made for trying out and measuring. */
    private String usualLimits() {
        return "limits "
                + ConfigFactory.parseFile(checkout.resolve("conf/peerlink.conf").toFile())
                        .getObject("peerlink.limits")
                        .render(ConfigRenderOptions.concise())
                + '\n';
    }

    static RouterTrust trust(Optional<Path> authority) {
        return authority.map(RouterTrust::authority).orElse(RouterTrust.plainText());
    }

    private void run(List<String> servers, LocalRouter leader, Optional<Path> authority)
            throws IOException, InterruptedException {
        Bench bench = new Bench(checkout, servers, authority);
        Route route = new Route(leader.clientAddress(), authority);
        JsonObject alone = bench.pair(rate, seconds, warmUp);
        RouterMemory memory = new RouterMemory(leader.pid());
        JsonObject beside;
        long before;
        long after;
        long peak;
        try (StalledPeers stalledPeers = StalledPeers.gather(servers, route, stalled)) {
            // What waits for them is in the tables and their caches by now, whether they read it or not.
            before = memory.residentKib();
            try (Idlers idlers = Idlers.attach(servers, trust(authority), idle)) {
                stalledPeers.stall();
                after = memory.residentKib();
                System.err.printf("gathered: %d idle, %d stalled%n", idlers.count(), stalledPeers.count());
                memory.forgetPeak();
                beside = pairBesideOthers(bench, route);
                peak = memory.peakKib();
            }
        }
        report(alone, beside, List.of(before, after, peak));
    }

    private JsonObject pairBesideOthers(Bench bench, Route route) throws IOException, InterruptedException {
        List<Process> others = new ArrayList<>();
        try {
            flood(bench).ifPresent(others::add);
            beside(route).ifPresent(others::add);
            return attack == null ? bench.pair(rate, seconds, warmUp) : pairBesideAttack(bench, route, attack);
        } finally {
            others.forEach(Process::destroyForcibly);
        }
    }

    private JsonObject pairBesideAttack(Bench bench, Route route, Attack kind)
            throws IOException, InterruptedException {
        try (AttackProcess others = AttackProcess.start(kind, attackers, route)) {
            JsonObject pair = bench.pair(rate, seconds, warmUp);
            pair.add("others", others.end());
            return pair;
        }
    }

    private Optional<Process> beside(Route route) throws IOException {
        if (beside.isEmpty()) {
            return Optional.empty();
        }
        ProcessBuilder command = new ProcessBuilder("bash", "-c", "exec " + beside)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(
                        ProcessBuilder.Redirect.to(Path.of("/dev/stderr").toFile()));
        command.environment().put("PEERLINK_TARGET", route.address());
        return Optional.of(command.start());
    }

    private Optional<Process> flood(Bench bench) throws IOException {
        if (flood == 0) {
            return Optional.empty();
        }
        List<String> more = List.of(
                "--senders", String.valueOf(flood), "--in-flight", "15000", "--size", String.valueOf(floodSize));
        return Optional.of(bench.process("send", seconds + warmUp + MARGIN_SECONDS, 0, more)
                .start());
    }

    /** Of the leader's memory: before the crowd came, with it, and its peak while the pair was measured. */
    private void report(JsonObject alone, JsonObject beside, List<Long> kib) {
        JsonObject figures = new JsonObject();
        Map.of("idle", idle, "stalled", stalled, "flood", flood, "rate", rate).forEach(figures::addProperty);
        figures.addProperty("tls", tls);
        if (attack != null) {
            figures.addProperty("attack", attack.toString());
            figures.addProperty("attackers", attackers);
            figures.add("others", beside.get("others"));
        }
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
