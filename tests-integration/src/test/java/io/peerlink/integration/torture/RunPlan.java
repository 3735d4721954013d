package io.peerlink.integration.torture;

import io.peerlink.integration.torture.client.ClientSettings;
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

    /** The same run again. */
    String replayCommand() {
        return "tests-integration/torture --seconds " + time.toSeconds() + " --seed " + seed + " --nodes " + routers
                + " --clients " + cast.clients() + " --peers " + cast.peersPerClient() + " --groups " + cast.groups()
                + " --pace-ms " + paceMs
                + (faults.isEmpty() ? " --faults none" : " --faults " + String.join(",", faults))
                + plant.map(bug -> " --plant " + bug.name()).orElse("");
    }
}
