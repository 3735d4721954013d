package io.peerlink.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class LoadMeterTest {
    private final LoadMeter meter = new LoadMeter();

    @Test
    void countsNothingOutsideItsWindow() {
        meter.add(System.nanoTime());
        meter.open();
        meter.add(System.nanoTime());
        meter.add(System.nanoTime());
        meter.close();
        meter.add(System.nanoTime());

        assertThat(meter.count()).isEqualTo(2);
        assertThat(meter.micros().getTotalCount()).isEqualTo(2);
        assertThat(meter.perSecond()).isPositive();
    }

    @Test
    void aStallCountsForAllThatWasDueMeanwhile() {
        meter.open();
        long due = System.nanoTime();
        meter.close();

        meter.add(due);

        assertThat(meter.count()).as("it came too late for the rate").isZero();
        assertThat(meter.micros().getTotalCount()).as("but its latency counts").isEqualTo(1);
    }

    @Test
    void timesFromWhenItWasDue() {
        meter.open();
        long due = System.nanoTime();
        long later = due + 2_000_000;
        while (System.nanoTime() - later < 0) {
            Thread.onSpinWait();
        }

        meter.add(due);

        assertThat(meter.micros().getMaxValue()).isGreaterThanOrEqualTo(2_000);
    }
}
