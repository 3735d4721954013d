package io.peerlink.integration.torture;

import io.peerlink.cli.local.LocalCluster;
import io.peerlink.cli.local.LocalRouter;
import io.peerlink.cli.local.OperatorEntry;
import io.peerlink.cli.local.RouterPlace;
import io.peerlink.client.admin.RouterInfo;
import io.peerlink.integration.torture.check.Checker;
import io.peerlink.integration.torture.check.Verdict;
import io.peerlink.integration.torture.client.ClientSettings;
import io.peerlink.integration.torture.ground.Ground;
import io.peerlink.integration.torture.history.Event;
import io.peerlink.integration.torture.history.HistoryWriter;
import io.peerlink.integration.torture.history.Kind;
import io.peerlink.integration.torture.history.Op;
import io.peerlink.integration.torture.nemesis.ClientProcesses;
import io.peerlink.integration.torture.nemesis.FaultCatalogue;
import io.peerlink.integration.torture.nemesis.Members;
import io.peerlink.integration.torture.nemesis.Nemesis;
import io.peerlink.integration.torture.nemesis.Proxies;
import io.peerlink.integration.torture.nemesis.Stage;
import io.peerlink.integration.torture.nemesis.Waiting;
import io.peerlink.integration.torture.plant.Plant;
import io.peerlink.integration.torture.plant.Rules;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One run, up to the point where all that happened lies in files: start everything, let the nemesis rage, make everything whole,
 * let everything settle, note what the routers hold, stop. All processes die with it.
 */
final class Run implements AutoCloseable {
    /** Patient elections, because all of it shares few cores; frequent checkpoints, so that restarts begin from them. */
    private static final String CONFIG = "raft { election-timeout-min = 1s, election-timeout-max = 2s,"
            + " checkpoint-entries = 500, keep-entries = 200 }\n"
            // Network namespaces are beyond loopback.
            + "insecure = true\naccess { registration = open, " + OperatorEntry.of(Members.OPERATOR) + " }\n";

    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(30);
    private static final Duration QUIET_LIMIT = Duration.ofSeconds(90);
    private static final Duration DIGEST_LIMIT = Duration.ofSeconds(30);

    private final RunPlan plan;
    private final HistoryWriter history;
    private final Ground ground;
    private final LocalCluster cluster;
    private final ClientProcesses clients;
    private final Proxies proxies;
    private final Stage stage;
    private final Thread onExit;
    private long checkedAt = System.nanoTime();

    Run(RunPlan plan) {
        this.plan = plan;
        Path directory = plan.directory();
        ground = Ground.lay(FaultCatalogue.needs(plan.faults()), plan.routers(), directory);
        cluster = LocalCluster.prepare(plan.home(), ground.clusterDirectory(), places(plan, ground), CONFIG)
                .operatedBy(Members.OPERATOR);
        history = new HistoryWriter(directory.resolve("nemesis.history"));
        ClientSettings settings = new ClientSettings(
                0,
                directory,
                cluster.servers(),
                plan.seed(),
                new SecureRandom().nextLong(),
                plan.cast(),
                plan.paceMs());
        clients = new ClientProcesses(
                settings, ground.clientPrefix(), Rules.jvmOption(planted(plan, Plant.Place.CLIENT)), history);
        proxies = new Proxies(ground, cluster, directory.resolve("proxies.log"), plan.seed());
        stage = new Stage(cluster, clients, ground, proxies);
        onExit = new Thread(this::killAll, "kill-all");
        Runtime.getRuntime().addShutdownHook(onExit);
    }

    private static List<RouterPlace> places(RunPlan plan, Ground ground) {
        List<RouterPlace> places = new ArrayList<>();
        for (int i = 0; i < plan.routers(); i++) {
            List<String> options = new ArrayList<>(List.of("-Xmx512m", "-XX:TieredStopAtLevel=1"));
            List<Path> rules = new ArrayList<>(ground.routerRules());
            rules.addAll(planted(plan, Plant.Place.ROUTER));
            rules.addAll(i == 0 ? planted(plan, Plant.Place.ONE_ROUTER) : List.of());
            options.addAll(Rules.jvmOption(rules));
            places.add(ground.place(i, Map.of("PEERLINK_JAVA_OPTS", String.join(" ", options))));
        }
        return places;
    }

    private static List<Path> planted(RunPlan plan, Plant.Place place) {
        return plan.plant().filter(bug -> bug.where() == place).stream()
                .map(Plant::script)
                .toList();
    }

    /** All of it. When it throws, what happened until then lies in the files. */
    void perform() {
        proxies.start();
        stage.makeWhole();
        try {
            play();
        } finally {
            noteEnded();
        }
    }

    private void play() {
        clients.start();
        clients.tell("go");
        new Nemesis(stage, FaultCatalogue.named(plan.faults()), plan.seed(), history)
                .rage(plan.time(), this::checkSoFar);
        stage.checkAlive();
        clients.tell("stop");
        settle();
        clients.tell("quiet");
        clients.tell("stored");
        noteDigests();
        stage.checkAlive();
    }

    /** A long run need not go on when what it is to find is found; a plant must be found by its own invariant. */
    private void checkSoFar() {
        if (System.nanoTime() - checkedAt < CHECK_INTERVAL.toNanos()) {
            return;
        }
        Verdict verdict = Checker.checkSoFar(plan.directory());
        checkedAt = System.nanoTime();
        boolean stop = plan.plant()
                .map(bug -> verdict.violates(bug.invariant()))
                .orElse(!verdict.violations().isEmpty());
        if (stop) {
            throw new Violated(verdict);
        }
    }

    /** A promise was broken before the run was over. */
    static final class Violated extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient Verdict verdict;

        private Violated(Verdict verdict) {
            super(verdict.toString());
            this.verdict = verdict;
        }

        Verdict verdict() {
            return verdict;
        }
    }

    /** Two rounds in which all peers find their cursor at the head: in the second nothing was under way any more. */
    private void settle() {
        long deadline = System.nanoTime() + QUIET_LIMIT.toNanos();
        int calmRounds = 0;
        while (calmRounds < 2) {
            if (System.nanoTime() > deadline) {
                throw new Waiting.TooLate("all cursors are at the head", QUIET_LIMIT);
            }
            calmRounds = clients.tell("quiesce") == 0 ? calmRounds + 1 : 0;
        }
    }

    /** Asks all routers until they speak of the same log entry; ticks go on all the time. */
    private void noteDigests() {
        List<RouterInfo> answers = new ArrayList<>();
        Waiting.until("all routers tell their digest at one entry", DIGEST_LIMIT, () -> {
            answers.clear();
            answers.addAll(cluster.digests());
            return answers.size() == cluster.routers().size()
                    && answers.stream()
                                    .map(info -> info.digest().map(RouterInfo.StateDigest::index))
                                    .distinct()
                                    .count()
                            == 1;
        });
        for (RouterInfo info : answers) {
            Optional<RouterInfo.StateDigest> digest = info.digest();
            history.append(Event.of(Kind.DIGEST, Op.NONE, -1, 0, 0)
                    .other(Integer.parseInt(info.routerId().substring(1)))
                    .number(digest.map(RouterInfo.StateDigest::index).orElse(0L))
                    .hash(digest.map(found -> Long.parseUnsignedLong(found.hex().substring(0, 16), 16))
                            .orElse(0L)));
        }
    }

    /** Why a router ended by itself, its exit status tells. */
    private void noteEnded() {
        for (LocalRouter router : cluster.routers()) {
            if (!router.isRunning()) {
                history.append(Event.of(Kind.ENDED, Op.NONE, -1, 0, 0)
                        .other(Integer.parseInt(router.id().substring(1)))
                        .code(router.exitStatus()));
            }
        }
    }

    private void killAll() {
        clients.close();
        cluster.close();
        proxies.close();
        ground.close();
    }

    @Override
    public void close() {
        killAll();
        Runtime.getRuntime().removeShutdownHook(onExit);
        history.close();
    }
}
