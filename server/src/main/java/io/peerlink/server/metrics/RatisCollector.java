package io.peerlink.server.metrics;

import io.peerlink.server.raft.RatisMeasure;
import io.peerlink.server.raft.RatisMeasures;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.PrometheusNaming;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Ratis' own figures as {@code ratis_...}, and those of them that every dashboard needs under names of ours, which stay when
 * Ratis changes its own. Made anew for each scrape.
 */
final class RatisCollector implements MultiCollector {
    private static final String ELECTIONS = "ratis_leader_election_election_count";
    private static final String SYNC = "ratis_log_worker_sync_time";

    private final RatisMeasures measures;

    RatisCollector(RatisMeasures measures) {
        this.measures = measures;
    }

    @Override
    public MetricSnapshots collect() {
        // One figure for each name and router: of two that differ in what our names leave out, the last counts.
        Map<String, Map<Labels, RatisMeasure.Reading>> byName = new TreeMap<>();
        for (RatisMeasure measure : measures.read()) {
            Labels labels =
                    measure.router().map(router -> Labels.of("router", router)).orElse(Labels.EMPTY);
            byName.computeIfAbsent(name(measure), name -> new TreeMap<>()).put(labels, measure.reading());
        }
        List<MetricSnapshot> snapshots = new ArrayList<>();
        byName.forEach((name, readings) -> snapshots.add(snapshot(name, "Ratis' own", readings)));
        Map<Labels, RatisMeasure.Reading> none = Map.of(Labels.EMPTY, new RatisMeasure.Count(0));
        snapshots.add(snapshot(
                "peerlink_elections", "Elections that this router stood in", byName.getOrDefault(ELECTIONS, none)));
        if (byName.containsKey(SYNC)) {
            snapshots.add(snapshot("peerlink_fsync_seconds", "What syncs of the log take", byName.get(SYNC)));
        }
        return new MetricSnapshots(snapshots);
    }

    private static String name(RatisMeasure measure) {
        String words = (measure.component() + "_" + measure.name())
                .replaceAll("([a-z0-9])([A-Z])", "$1_$2")
                .replaceAll("[^A-Za-z0-9_]", "_")
                .toLowerCase(Locale.ROOT);
        return PrometheusNaming.sanitizeMetricName("ratis_" + words);
    }

    private static MetricSnapshot snapshot(String name, String help, Map<Labels, RatisMeasure.Reading> readings) {
        List<CounterDataPointSnapshot> counts = new ArrayList<>();
        List<GaugeDataPointSnapshot> levels = new ArrayList<>();
        List<SummaryDataPointSnapshot> timings = new ArrayList<>();
        readings.forEach((labels, reading) -> {
            if (reading instanceof RatisMeasure.Count count) {
                counts.add(CounterDataPointSnapshot.builder()
                        .labels(labels)
                        .value((double) count.value())
                        .build());
            } else if (reading instanceof RatisMeasure.Level level) {
                levels.add(GaugeDataPointSnapshot.builder()
                        .labels(labels)
                        .value(level.value())
                        .build());
            } else if (reading instanceof RatisMeasure.Timing timing) {
                timings.add(timing(labels, timing));
            }
        });
        // A name is of one kind: Ratis says so by its own names.
        MetricMetadata metadata = new MetricMetadata(name, help);
        if (!timings.isEmpty()) {
            return new SummarySnapshot(metadata, timings);
        }
        return levels.isEmpty() ? new CounterSnapshot(metadata, counts) : new GaugeSnapshot(metadata, levels);
    }

    private static SummaryDataPointSnapshot timing(Labels labels, RatisMeasure.Timing timing) {
        return SummaryDataPointSnapshot.builder()
                .labels(labels)
                .count(timing.count())
                .quantiles(Quantiles.builder()
                        .quantile(0.5, timing.median())
                        .quantile(0.99, timing.p99())
                        .quantile(1.0, timing.max())
                        .build())
                .build();
    }
}
