package io.peerlink.integration.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.peerlink.integration.simulation.Simulation.Result;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** Seeds that must hold, fresh ones, that a seed repeats exactly, and that planted bugs are found. */
final class SimulationTest {
    private static final int FIXED_SEEDS = 60;
    private static final int FRESH_SEEDS = 15;
    private static final int SEEDS_FOR_A_BUG = 100;
    private static final Logger LOGGER = (Logger) LoggerFactory.getLogger("io.peerlink");

    private static Level before = Level.INFO;
    private static Databases databases = new Databases();

    /** Routers and clients report what happens to them, hundreds of times a second here. */
    @BeforeAll
    static void silence() {
        before = LOGGER.getLevel();
        LOGGER.setLevel(Level.OFF);
    }

    @AfterAll
    static void end() {
        LOGGER.setLevel(before);
        databases.close();
    }

    private static Result run(long seed) {
        return Simulation.run(seed, databases, new Trace(null), null);
    }

    private static void assertHold(long first, int count) {
        List<String> failures = new ArrayList<>();
        long acknowledged = 0;
        for (long seed = first; seed < first + count; seed++) {
            Result result = run(seed);
            acknowledged += result.verdict().acknowledged();
            if (!result.holds()) {
                failures.add(Simulate.failure(seed, null, result));
            }
        }
        assertThat(failures).isEmpty();
        assertThat(acknowledged).isGreaterThan(10L * count);
    }

    @Test
    void fixedSeedsHold() {
        assertHold(1, FIXED_SEEDS);
    }

    @Test
    void freshSeedsHold() {
        long first = new SecureRandom().nextInt(1_000_000_000);
        System.out.println("Simulation: " + FRESH_SEEDS + " seeds from " + first);
        assertHold(first, FRESH_SEEDS);
    }

    @Test
    void aSeedRepeatsExactly() {
        for (long seed = 1_001; seed <= 1_004; seed++) {
            Trace trace = run(seed).trace();
            assertThat(trace.lines()).isGreaterThan(500);
            assertThat(run(seed).trace().hash()).as("trace of seed " + seed).isEqualTo(trace.hash());
        }
        assertThat(run(1_001).trace().hash()).isNotEqualTo(run(1_002).trace().hash());
    }

    @ParameterizedTest
    @EnumSource
    void plantedBugIsFound(Bug bug) {
        for (long seed = 1; seed <= SEEDS_FOR_A_BUG; seed++) {
            Result result = Simulation.run(seed, databases, new Trace(null), bug);
            if (!result.holds()) {
                assertThat(Simulate.failure(seed, bug, result)).contains("--seed " + seed + " --bug " + bug);
                return;
            }
        }
        throw new AssertionError(bug + " was not found in " + SEEDS_FOR_A_BUG + " seeds");
    }
}
