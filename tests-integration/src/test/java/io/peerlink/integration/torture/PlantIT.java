package io.peerlink.integration.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerlink.integration.structure.Checkout;
import io.peerlink.integration.torture.nemesis.FaultCatalogue;
import io.peerlink.integration.torture.plant.Plant;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests the tester: every planted bug is found by the invariant that must find it. {@link TortureIT} shows that without one
 * nothing is. Bugs that only a fault with special rights provokes are left to {@code tests-integration/torture --plant NAME}.
 */
final class PlantIT {
    private static final long SEED = 20261122;

    static Stream<String> plants() {
        return Plant.all(Checkout.root().resolve("tests-integration")).stream()
                .filter(plant -> FaultCatalogue.needs(plant.faults()).isEmpty())
                .map(Plant::name);
    }

    @ParameterizedTest
    @MethodSource("plants")
    void isFound(String name) {
        Plant plant = Plant.named(Checkout.root().resolve("tests-integration"), name);
        Trial trial = lookFor(plant);
        assertThat(trial.verdict().violates(plant.invariant()))
                .as("%s finds %s: %s %s", plant.invariant(), plant.what(), trial.failure(), trial.verdict())
                .isTrue();
        assertThat(trial.isGood()).isFalse();
        trial.deleteFiles();
    }

    /** A try in which nothing went wrong did not provoke the bug, so a longer one follows. */
    private static Trial lookFor(Plant plant) {
        List<Duration> tries = plant.tries();
        Trial trial = Trial.of(RunPlan.planted(Checkout.root(), plant, tries.get(0), SEED));
        for (int i = 1; i < tries.size() && trial.isClean(); i++) {
            trial.deleteFiles();
            trial = Trial.of(RunPlan.planted(Checkout.root(), plant, tries.get(i), SEED + i));
        }
        return trial;
    }
}
