package io.peerlink.integration.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerlink.integration.structure.Checkout;
import io.peerlink.integration.torture.client.ClientSettings;
import io.peerlink.integration.torture.plant.Plant;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests the tester: every planted bug is found by the invariant that must find it, and without one nothing is found. */
final class PlantIT {
    private static final long SEED = 20261122;

    static Stream<String> plants() {
        return Plant.all(Checkout.root().resolve("tests-integration")).stream().map(Plant::name);
    }

    @ParameterizedTest
    @MethodSource("plants")
    void isFound(String name) {
        Plant plant = Plant.named(Checkout.root().resolve("tests-integration"), name);
        Trial trial = Trial.of(RunPlan.planted(Checkout.root(), plant, SEED));
        assertThat(trial.found(plant.invariant()))
                .as("%s finds %s: %s %s", plant.invariant(), plant.what(), trial.failure(), trial.verdict())
                .isTrue();
        assertThat(trial.isGood()).isFalse();
        trial.deleteFiles();
    }

    @Test
    void withoutAPlantNothingIsFound() {
        RunPlan usual = RunPlan.unplanted(Checkout.root(), SEED);
        Trial trial = Trial.of(new RunPlan(
                usual.home(),
                usual.directory(),
                Duration.ofSeconds(10),
                SEED,
                3,
                new ClientSettings.Cast(2, 4, 3),
                usual.paceMs(),
                List.of("kill-leader", "kill-client", "pause-leader", "slow-consumer"),
                usual.plant()));
        new Report(System.out).print(trial);
        assertThat(trial.isGood()).as("%s %s", trial.failure(), trial.verdict()).isTrue();
        assertThat(trial.verdict().line())
                .matches("acknowledged [0-9]+, lost 0, doubled 0, out of order 0, untruthful receipts 0, diverged 0,"
                        + " faults [0-9]+ in [0-9]+ kinds, longest gap [0-9]+ ms");
        trial.deleteFiles();
    }
}
