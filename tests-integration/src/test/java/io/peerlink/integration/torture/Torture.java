package io.peerlink.integration.torture;

import io.peerlink.integration.torture.check.Checker;
import io.peerlink.integration.torture.check.SyntheticHistory;
import io.peerlink.integration.torture.check.Verdict;
import io.peerlink.integration.torture.client.ClientSettings;
import io.peerlink.integration.torture.nemesis.FaultCatalogue;
import io.peerlink.integration.torture.plant.Plant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
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
    private static final int PLANT_SECONDS = 3;
    private static final int PACE_MS = 10;

    @Option(names = "--minutes", description = "how long the faults go on (default 1)")
    private int minutes = 1;

    @Option(names = "--seconds", description = "the same in seconds")
    private @Nullable Integer seconds;

    @Option(names = "--seed", description = "decides what happens; chosen and printed if not given")
    private long seed = System.nanoTime() & 0xffffff;

    @Option(names = "--nodes", description = "routers: 1, 3 or 5 (default 3, or what the plant needs)")
    private @Nullable Integer nodes;

    @Option(names = "--clients", description = "client processes (default 3; 1 with a plant)")
    private @Nullable Integer clients;

    @Option(names = "--peers", description = "peers in each client process (default ${DEFAULT-VALUE})")
    private int peers = 4;

    @Option(names = "--groups", description = "groups (default ${DEFAULT-VALUE})")
    private int groups = 3;

    @Option(names = "--pace-ms", description = "pause of a peer between two requests (default ${DEFAULT-VALUE})")
    private int paceMs = PACE_MS;

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
        System.exit(execute(Path.of("").toAbsolutePath(), arguments));
    }

    /** Runs in a checkout whose distribution is built. */
    static int execute(Path checkout, String... arguments) {
        return new CommandLine(new Torture(checkout)).execute(arguments);
    }

    private Path module() {
        return checkout.resolve("tests-integration");
    }

    @Override
    public Integer call() throws IOException {
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
            return report(Checker.check(check), Optional.empty()) ? 0 : 1;
        }
        if (bench != null) {
            return SyntheticHistory.bench(module().resolve("target/torture/bench"), bench) ? 0 : 1;
        }
        return run(plan()) ? 0 : 1;
    }

    private RunPlan plan() {
        Optional<Plant> bug = Optional.ofNullable(plant).map(name -> Plant.named(module(), name));
        List<String> wanted = faults != null
                ? faults.stream().filter(name -> !name.equals("none")).toList()
                : bug.map(Plant::faults).orElseGet(FaultCatalogue::names);
        int defaultSeconds = bug.isPresent() ? PLANT_SECONDS : 60 * minutes;
        int processes = clients != null ? clients : bug.isPresent() ? 1 : 3;
        return new RunPlan(
                checkout.resolve("bin/target/dist"),
                module().resolve("target/torture/" + bug.map(Plant::name).orElse("run") + "-" + seed),
                Duration.ofSeconds(seconds != null ? seconds : defaultSeconds),
                seed,
                nodes != null ? nodes : bug.map(Plant::routers).orElse(3),
                new ClientSettings.Cast(processes, peers, groups),
                paceMs,
                wanted,
                bug);
    }

    private boolean run(RunPlan plan) throws IOException {
        delete(plan.directory());
        Files.createDirectories(plan.directory());
        System.out.println("again: " + plan.replayCommand());
        Optional<String> failure = Optional.empty();
        try (Run run = new Run(plan)) {
            run.perform();
        } catch (RuntimeException e) {
            failure = Optional.of(e.toString());
        }
        boolean kept = report(Checker.check(plan.directory()), failure.map(why -> "the run did not end well: " + why));
        if (!kept) {
            System.out.println("data, histories and logs: " + plan.directory());
            System.out.println("again: " + plan.replayCommand());
        } else if (!keep) {
            delete(plan.directory());
        }
        return kept;
    }

    /** Prints the verdict, its line last but for what to do about it, and says whether all is well. */
    private boolean report(Verdict verdict, Optional<String> failure) {
        failure.ifPresent(System.out::println);
        for (Verdict.Violation violation : verdict.violations()) {
            System.out.printf(
                    "VIOLATED %s, %d times, for example: %s%n",
                    violation.invariant(), violation.count(), violation.example());
        }
        boolean vacuous = verdict.acknowledged() == 0 || (verdict.faults() == 0 && check == null && !isWithoutFaults());
        if (vacuous) {
            System.out.println("nothing was acknowledged, or no fault happened: this run proves nothing");
        }
        System.out.println(verdict.line());
        return failure.isEmpty() && !vacuous && verdict.violations().isEmpty();
    }

    private boolean isWithoutFaults() {
        return plan().faults().isEmpty();
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
