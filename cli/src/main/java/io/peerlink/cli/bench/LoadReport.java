package io.peerlink.cli.bench;

import io.peerlink.cli.output.Printer;
import io.peerlink.cli.output.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/**
 * A load run's outcome, for people.
 *
 * @param plan what was asked for
 * @param result what was measured
 * @param environment what it was measured on
 */
record LoadReport(Workload plan, LoadBench.Result result, BenchEnvironment environment) {
    private static final List<String> TIMED = List.of("ms until", "a second", "p50", "p90", "p99", "p99.9", "max");

    Figures figures() {
        return Figures.of(plan, result, environment);
    }

    /** With ratios if there is something {@code earlier} to compare with. */
    void print(Printer printer, Optional<Figures> earlier) {
        printer.note(environment.line());
        printer.print(new Table(TIMED, timed()));
        if (!result.routers().isEmpty()) {
            printer.print(new Table(List.of("router", "processors", "memory mb"), used()));
        }
        printer.note(String.format(
                Locale.ROOT,
                "acknowledged %,d, delivered %,d, lost %,d, doubled %,d, errors %,d, held back %,d",
                result.acknowledged(),
                result.delivered(),
                result.lost(),
                result.doubled(),
                result.errors(),
                result.heldBack()));
        earlier.ifPresent(before -> printer.print(new Table(
                List.of("figure", "earlier", "now", "ratio"), figures().comparedTo(before))));
    }

    private List<List<Object>> timed() {
        List<List<Object>> rows = new ArrayList<>();
        rows.add(row("acknowledged", result.acknowledgedRate(), result.acknowledgedMicros()));
        if (plan.shape().readsAlong()) {
            rows.add(row("delivered", result.rate(), result.micros()));
        }
        return rows;
    }

    private static List<Object> row(String until, double rate, Histogram micros) {
        return List.of(
                until,
                String.format(Locale.ROOT, "%,.0f", rate),
                millis(micros.getValueAtPercentile(50)),
                millis(micros.getValueAtPercentile(90)),
                millis(micros.getValueAtPercentile(99)),
                millis(micros.getValueAtPercentile(99.9)),
                millis(micros.getMaxValue()));
    }

    private static String millis(long micros) {
        return String.format(Locale.ROOT, "%.2f", micros / 1e3);
    }

    private List<List<Object>> used() {
        double measuredMs = plan.time().toMillis();
        return result.routers().stream()
                .map(use -> List.<Object>of(
                        use.id(),
                        String.format(Locale.ROOT, "%.2f", use.cpuMs() / measuredMs),
                        use.residentMb().isPresent() ? use.residentMb().getAsLong() : "unknown"))
                .toList();
    }
}
