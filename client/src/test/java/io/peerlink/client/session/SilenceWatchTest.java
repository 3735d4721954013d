package io.peerlink.client.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerlink.client.session.SilenceWatch.Verdict;
import org.junit.jupiter.api.Test;

class SilenceWatchTest {
    private static final long PATIENCE = 1_600;
    private static final long TICK = 100;

    private final SilenceWatch watch = new SilenceWatch(PATIENCE, 0);
    private long now;

    /** Ticks until a verdict other than FINE; answers it, at {@link #now}. */
    private Verdict next(long heard, boolean owed) {
        for (int i = 0; i < 100; i++) {
            now += TICK;
            Verdict verdict = watch.judge(now, heard, owed);
            if (verdict != Verdict.FINE) {
                return verdict;
            }
        }
        return Verdict.FINE;
    }

    @Test
    void idleItPingsThenDoubtsThenLeaves() {
        assertThat(next(0, false)).isEqualTo(Verdict.PING);
        assertThat(now).isEqualTo(1_700);
        watch.pinged(now);
        assertThat(next(0, false)).isEqualTo(Verdict.PROBE);
        assertThat(now).isEqualTo(2_600);
        while (next(0, false) == Verdict.PROBE) {}
        assertThat(now).isEqualTo(3_400);
    }

    @Test
    void whileOutcomesAreOwedItLeavesWithinItsPatience() {
        assertThat(next(0, true)).isEqualTo(Verdict.PING);
        watch.pinged(now);
        assertThat(next(0, true)).isEqualTo(Verdict.PROBE);
        while (next(0, true) == Verdict.PROBE) {}
        assertThat(now).isLessThanOrEqualTo(PATIENCE + 2 * TICK);
    }

    @Test
    void aLeaderThatAnswersButSettlesNothingIsDoubtedNotLeft() {
        Verdict verdict = Verdict.FINE;
        for (int i = 0; i < 50; i++) {
            now += TICK;
            verdict = watch.judge(now, now - 1, true);
            assertThat(verdict).isNotEqualTo(Verdict.LEAVE);
        }
        assertThat(verdict).isEqualTo(Verdict.PROBE);
        watch.progressed(now);
        assertThat(watch.judge(now + 1, now, true)).isEqualTo(Verdict.FINE);
    }

    @Test
    void forgivesItsOwnSleep() {
        watch.judge(100, 50, true);

        assertThat(watch.judge(10_000, 50, true)).isNotEqualTo(Verdict.LEAVE);
    }
}
