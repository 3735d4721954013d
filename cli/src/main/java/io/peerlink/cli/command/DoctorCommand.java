package io.peerlink.cli.command;

import io.peerlink.cli.CommonOptions;
import io.peerlink.cli.ExitCode;
import io.peerlink.cli.command.ClusterTour.Stop;
import io.peerlink.cli.local.LocalCluster;
import io.peerlink.cli.output.Table;
import io.peerlink.client.PeerLinkException;
import io.peerlink.client.admin.ClusterClient;
import io.peerlink.client.admin.RouterInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code peerlink doctor}. */
@Command(
        name = "doctor",
        header = "Examines a running cluster, or what a router would start with on this machine.",
        description = {
            "Without -c: asks every router of the cluster and compares versions, clocks, log positions and disks. With -c:",
            "looks at Java, ports, disk (space and sync latency), configuration, log and checkpoints on this machine, while",
            "the router is stopped. Each line is ok, warn or fail, with what to do. Exits with 1 if anything fails."
        })
public final class DoctorCommand implements Callable<Integer> {
    private static final long LAG_MAX = 20_000;
    private static final long FREE_MIN_BYTES = 1_000_000_000;
    private static final Duration SKEW_WARN = Duration.ofMillis(500);
    private static final Duration SKEW_FAIL = Duration.ofSeconds(30);
    private static final String OK = "ok";
    private static final String WARN = "warn";
    private static final String FAIL = "fail";

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "examine what the router of this configuration would start with")
    private @Nullable Path config;

    private final List<List<Object>> findings = new ArrayList<>();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (config != null) {
            return new ProcessBuilder(
                            LocalCluster.home().resolve("bin/peerlink-server").toString(),
                            "doctor",
                            "-c",
                            config.toString())
                    .inheritIO()
                    .start()
                    .waitFor();
        }
        CommonOptions options = CommonOptions.of(Objects.requireNonNull(spec));
        try (ClusterClient cluster = options.cluster()) {
            examine(cluster, ClusterTour.of(cluster::router, options.servers()));
        }
        options.printer().print(new Table(List.of("level", "check", "router", "detail", "advice"), findings));
        return findings.stream().anyMatch(row -> row.get(0).equals(FAIL))
                ? ExitCode.FAILED.number()
                : ExitCode.OK.number();
    }

    private void examine(ClusterClient cluster, List<Stop> stops) {
        Optional<RouterInfo> leader = ClusterTour.leader(stops);
        leader.ifPresentOrElse(
                found -> add(OK, "leader", found.routerId(), "term " + found.term(), ""),
                () -> add(
                        FAIL,
                        "leader",
                        "-",
                        "no router leads",
                        "a majority must run and reach each other; see their logs"));
        Set<String> clusters = new HashSet<>();
        Set<String> versions = new HashSet<>();
        for (Stop stop : stops) {
            if (stop.info().isEmpty()) {
                String id = stop.routerId().isEmpty() ? stop.address() : stop.routerId();
                add(
                        FAIL,
                        "up",
                        id,
                        "does not answer: " + stop.failure(),
                        "start it, or replace it if its disk is lost");
                continue;
            }
            RouterInfo router = stop.info().get();
            clusters.add(router.clusterId());
            versions.add(router.version());
            add(OK, "up", router.routerId(), "for " + router.uptime().toSeconds() + " s", "");
            leader.ifPresent(leading -> lag(router, leading));
            disk(router);
            clock(cluster, stop.address(), router.routerId());
        }
        same("cluster", clusters, FAIL, "--servers must name routers of one cluster");
        same("version", versions, WARN, "fine during an upgrade; finish it");
    }

    private void same(String check, Set<String> values, String level, String advice) {
        if (values.size() <= 1) {
            add(OK, check, "all", String.join(", ", values), "");
        } else {
            add(level, check, "all", String.join(", ", values), advice);
        }
    }

    private void lag(RouterInfo router, RouterInfo leader) {
        long lag = Math.max(0, leader.log().committed() - router.log().applied());
        String detail = lag + " entries behind the leader";
        if (lag > LAG_MAX) {
            add(WARN, "lag", router.routerId(), detail, "it is catching up, or its disk or network is too slow");
        } else {
            add(OK, "lag", router.routerId(), detail, "");
        }
    }

    private void disk(RouterInfo router) {
        String detail = router.disk().free() / 1_000_000 + " MB free of "
                + router.disk().total() / 1_000_000 + " MB";
        if (router.disk().free() < FREE_MIN_BYTES) {
            add(WARN, "disk", router.routerId(), detail, "make room: below disk-free-min new messages are refused");
        } else {
            add(OK, "disk", router.routerId(), detail, "");
        }
    }

    /** Against this machine's clock; the time of the call is the uncertainty. */
    private void clock(ClusterClient cluster, String address, String routerId) {
        Instant before = Instant.now();
        Instant told;
        try {
            told = cluster.router(address).clock();
        } catch (PeerLinkException e) {
            // It answered a moment ago.
            add(
                    WARN,
                    "clock",
                    routerId,
                    "does not answer: " + e.code(),
                    "ask again; if it stays so, it is overloaded or just stopped: see its log");
            return;
        }
        Instant after = Instant.now();
        Duration ahead = Duration.between(after, told);
        Duration behind = Duration.between(told, before);
        Duration skew = ahead.compareTo(behind) > 0 ? ahead : behind;
        if (skew.isNegative()) {
            add(OK, "clock", routerId, "as here", "");
        } else {
            String level = skew.compareTo(SKEW_FAIL) > 0 ? FAIL : skew.compareTo(SKEW_WARN) > 0 ? WARN : OK;
            add(
                    level,
                    "clock",
                    routerId,
                    skew.toMillis() + " ms " + (ahead.compareTo(behind) > 0 ? "ahead of" : "behind") + " this machine",
                    level.equals(OK) ? "" : "synchronise clocks: time stamps and expiry follow the leader's");
        }
    }

    private void add(String level, String check, String router, String detail, String advice) {
        findings.add(List.of(level, check, router, detail, advice));
    }
}
