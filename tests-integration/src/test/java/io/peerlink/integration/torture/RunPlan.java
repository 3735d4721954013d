package io.peerlink.integration.torture;

import io.peerlink.integration.torture.client.ClientSettings;
import io.peerlink.integration.torture.nemesis.FaultCatalogue;
import io.peerlink.integration.torture.plant.Plant;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What is to be done in a run.
 *
 * @param home the distribution
 * @param directory for everything that the run writes
 * @param time how long the faults go on
 * @param seed decides what happens
 * @param routers how many
 * @param cast clients, peers, groups
 * @param paceMs pause of a peer between two requests
 * @param faults names
 * @param plant the bug to plant
 */
record RunPlan(
        Path home,
        Path directory,
        Duration time,
        long seed,
        int routers,
        ClientSettings.Cast cast,
        int paceMs,
        List<String> faults,
        Optional<Plant> plant) {
    RunPlan {
        faults = List.copyOf(faults);
    }

    /** A minute of everything that can happen. */
    static RunPlan unplanted(Path checkout, long seed) {
        return new RunPlan(
                checkout.resolve("bin/target/dist"),
                scratch(checkout).resolve("run-" + seed),
                Duration.ofMinutes(1),
                seed,
                3,
                new ClientSettings.Cast(3, 4, 3),
                20,
                FaultCatalogue.names(),
                Optional.empty());
    }

    /** A small run that is to find a planted bug. */
    static RunPlan planted(Path checkout, Plant bug, Duration time, long seed) {
        return new RunPlan(
                checkout.resolve("bin/target/dist"),
                scratch(checkout).resolve(bug.name() + "-" + seed),
                time,
                seed,
                bug.routers(),
                new ClientSettings.Cast(1, 4, 3),
                10,
                bug.faults(),
                Optional.of(bug));
    }

    private static Path scratch(Path checkout) {
        return checkout.resolve("tests-integration/target/torture");
    }

    /** The same run again. */
    String replayCommand() {
        return "tests-integration/torture --seconds " + time.toSeconds() + " --seed " + seed + " --nodes " + routers
                + " --clients " + cast.clients() + " --peers " + cast.peersPerClient() + " --groups " + cast.groups()
                + " --pace-ms " + paceMs
                + (faults.isEmpty() ? " --faults none" : " --faults " + String.join(",", faults))
                + plant.map(bug -> " --plant " + bug.name()).orElse("");
    }
}
