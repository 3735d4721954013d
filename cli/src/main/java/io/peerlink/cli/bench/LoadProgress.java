package io.peerlink.cli.bench;

import java.util.Locale;
import java.util.function.LongConsumer;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Tells the person who waits how far a run is, on standard error: a bar on a terminal, else a line for each second. */
sealed interface LoadProgress extends LongConsumer, AutoCloseable {
    /** Told once a second, warm-up included, how many happened in that second. */
    @Override
    void accept(long count);

    @Override
    void close();

    static LoadProgress of(boolean wanted, boolean terminal, Workload plan) {
        if (!wanted) {
            return new Silent();
        }
        return terminal ? new Bar(plan) : new Lines();
    }

    /** Nobody wants to know. */
    record Silent() implements LoadProgress {
        @Override
        public void accept(long count) {}

        @Override
        public void close() {}
    }

    /** A line each. */
    record Lines() implements LoadProgress {
        @Override
        public void accept(long count) {
            System.err.println(count + " in the last second");
        }

        @Override
        public void close() {}
    }

    /** A bar in seconds. */
    final class Bar implements LoadProgress {
        private static final int COLUMNS = 100;
        private final ProgressBar bar;

        private Bar(Workload plan) {
            bar = new ProgressBarBuilder()
                    .setTaskName(plan.shape().name().toLowerCase(Locale.ROOT))
                    .setInitialMax(
                            plan.warmUp().toSeconds() + Math.max(1, plan.time().toSeconds()))
                    .setUnit(" s", 1)
                    .setStyle(ProgressBarStyle.ASCII)
                    .setConsumer(new ConsoleProgressBarConsumer(System.err, COLUMNS))
                    .build();
        }

        @Override
        public void accept(long count) {
            bar.setExtraMessage(String.format(Locale.ROOT, " %,d/s", count));
            bar.step();
        }

        @Override
        public void close() {
            bar.close();
        }
    }
}
