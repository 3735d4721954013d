package io.peerlink.integration.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerlink.integration.structure.Checkout;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Two and a half minutes of faults, enough for one of each kind, in another order each time, whose seed is printed; and one fault
 * that found a leader standing still.
 */
final class TortureIT {
    private static final Duration TIME = Duration.ofSeconds(150);
    /** What needs neither root nor tools: the same everywhere. The script runs the others too. */
    private static final List<String> FAULTS = List.of(
            "kill-leader",
            "kill-follower",
            "kill-majority",
            "kill-all",
            "pause-leader",
            "pause-follower",
            "rolling-restart",
            "kill-client",
            "slow-consumer",
            "connection-storm",
            "damaged-tail",
            "wiped-router",
            "membership-under-kill",
            "reset-connections",
            "delayed-bytes",
            "half-closed",
            "one-way-connections",
            "overtaking-connections",
            "lost-answers",
            "clock-jump");

    @Test
    void aMixOfFaultsBreaksNoPromise() {
        Trial trial = endured(TIME, Long.getLong("torture.seed", System.currentTimeMillis() % 1_000_000), FAULTS);
        assertThat(trial.verdict().line())
                .matches("acknowledged [0-9]+, lost 0, doubled 0, out of order 0, untruthful receipts 0, diverged 0,"
                        + " faults [0-9]+ in [0-9]+ kinds, longest gap [0-9]+ ms");
        trial.deleteFiles();
    }

    /** A mix rarely brings it about: every client waits for entries that a majority has and the leader does not know of. */
    @Test
    void aLeaderThatMissesAnswersGoesOn() {
        Trial trial = endured(Duration.ofSeconds(20), 1, List.of("lost-answers"));
        trial.deleteFiles();
    }

    private static Trial endured(Duration time, long seed, List<String> faults) {
        RunPlan minute = RunPlan.unplanted(Checkout.root(), seed);
        Trial trial = Trial.of(new RunPlan(
                minute.home(),
                minute.directory(),
                time,
                seed,
                minute.routers(),
                minute.cast(),
                minute.paceMs(),
                faults,
                minute.plant()));
        new Report(System.out).print(trial);
        assertThat(trial.isGood())
                .as("-Dtorture.seed=%d %s %s", seed, trial.failure(), trial.verdict())
                .isTrue();
        return trial;
    }
}
