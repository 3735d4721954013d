package io.peerlink.integration.torture;

import io.peerlink.integration.torture.check.Checker;
import io.peerlink.integration.torture.check.SyntheticHistory;
import io.peerlink.integration.torture.check.Verdict;
import io.peerlink.integration.torture.client.ClientSettings;
import io.peerlink.integration.torture.nemesis.FaultCatalogue;
import io.peerlink.integration.torture.plant.Plant;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lets real clients talk over real routers while faults rage, then checks every promise. Exit code 0: all were kept. */
@Command(
        name = "torture",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Real routers, real clients, real faults; then every promise is checked.")
public final class Torture implements Callable<Integer> {
    @Option(names = "--minutes", description = "how long the faults go on (default 1, or what the plant needs)")
    private @Nullable Integer minutes;

    @Option(names = "--seconds", description = "the same in seconds")
    private @Nullable Integer seconds;

    @Option(names = "--seed", description = "decides what happens; chosen and printed if not given")
    private long seed = System.nanoTime() & 0xffffff;

    @Option(names = "--nodes", description = "routers: 1, 3 or 5 (default 3, or what the plant needs)")
    private @Nullable Integer nodes;

    @Option(names = "--clients", description = "client processes (default 3; 1 with a plant)")
    private @Nullable Integer clients;

    @Option(names = "--peers", description = "peers in each client process (default 4)")
    private @Nullable Integer peers;

    @Option(names = "--groups", description = "groups (default 3)")
    private @Nullable Integer groups;

    @Option(names = "--pace-ms", description = "pause of a peer between two requests (default 20; 10 with a plant)")
    private @Nullable Integer paceMs;

    @Option(names = "--faults", split = ",", description = "names, or 'none'; default: all that can happen here")
    private @Nullable List<String> faults;

    @Option(names = "--plant", description = "plants this bug; the run must fail then")
    private @Nullable String plant;

    @Option(names = "--list-faults", description = "prints the faults' names and ends")
    private boolean listFaults;

    @Option(names = "--list-plants", description = "prints the planted bugs and ends")
    private boolean listPlants;

    @Option(names = "--check", description = "checks the histories in a directory again and ends")
    private @Nullable Path check;

    @Option(names = "--check-bench", description = "checks a made-up history of so many million events and ends")
    private @Nullable Integer bench;

    @Option(names = "--keep", description = "keeps the run's directory also if all is well")
    private boolean keep;

    private final Path checkout;

    Torture(Path checkout) {
        this.checkout = checkout;
    }

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Torture(Path.of("").toAbsolutePath())).execute(arguments));
    }

    private Path module() {
        return checkout.resolve("tests-integration");
    }

    @Override
    public Integer call() throws IOException {
        Report report = new Report(System.out);
        if (listFaults) {
            FaultCatalogue.names().forEach(System.out::println);
            return 0;
        }
        if (listPlants) {
            Plant.all(module())
                    .forEach(bug -> System.out.printf("%-28s %-4s %s%n", bug.name(), bug.invariant(), bug.what()));
            return 0;
        }
        if (check != null) {
            Verdict verdict = Checker.check(check);
            report.print(verdict);
            return verdict.violations().isEmpty() ? 0 : 1;
        }
        if (bench != null) {
            return SyntheticHistory.bench(module().resolve("target/torture/bench"), bench) ? 0 : 1;
        }
        RunPlan plan;
        try {
            plan = plan();
            FaultCatalogue.named(plan.faults());
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            return CommandLine.ExitCode.USAGE;
        }
        System.out.println("again: " + plan.replayCommand());
        Trial trial = Trial.of(plan);
        report.print(trial);
        if (trial.isGood() && !keep) {
            trial.deleteFiles();
        }
        return trial.isGood() ? 0 : 1;
    }

    private RunPlan plan() {
        Optional<Plant> bug = Optional.ofNullable(plant).map(name -> Plant.named(module(), name));
        RunPlan usual = bug.map(found -> RunPlan.planted(checkout, found, found.patience(), seed))
                .orElseGet(() -> RunPlan.unplanted(checkout, seed));
        ClientSettings.Cast cast = usual.cast();
        return new RunPlan(
                usual.home(),
                usual.directory(),
                seconds != null
                        ? Duration.ofSeconds(seconds)
                        : minutes != null ? Duration.ofMinutes(minutes) : usual.time(),
                seed,
                nodes != null ? nodes : usual.routers(),
                new ClientSettings.Cast(
                        clients != null ? clients : cast.clients(),
                        peers != null ? peers : cast.peersPerClient(),
                        groups != null ? groups : cast.groups()),
                paceMs != null ? paceMs : usual.paceMs(),
                faults != null
                        ? faults.stream().filter(name -> !name.equals("none")).toList()
                        : usual.faults(),
                bug);
    }
}
