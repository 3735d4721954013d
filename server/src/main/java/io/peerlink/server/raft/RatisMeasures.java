package io.peerlink.server.raft;

import io.peerlink.server.raft.RatisMeasure.Reading;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.ratis.metrics.MetricRegistries;
import org.apache.ratis.metrics.MetricRegistryInfo;
import org.apache.ratis.metrics.RatisMetricRegistry;
import org.apache.ratis.metrics.impl.RatisMetricRegistryImpl;
import org.apache.ratis.thirdparty.com.codahale.metrics.Counter;
import org.apache.ratis.thirdparty.com.codahale.metrics.Gauge;
import org.apache.ratis.thirdparty.com.codahale.metrics.Metric;
import org.apache.ratis.thirdparty.com.codahale.metrics.MetricRegistry;
import org.apache.ratis.thirdparty.com.codahale.metrics.Snapshot;
import org.apache.ratis.thirdparty.com.codahale.metrics.Timer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ratis' own figures, read when asked for: nothing is registered or kept, so what Ratis drops is gone here too. Ratis keeps
 * them for the whole process. Any thread.
 */
public final class RatisMeasures {
    private static final Logger LOGGER = LoggerFactory.getLogger(RatisMeasures.class);
    private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Supplier<List<String>> routerIds;

    /** {@code routerIds}: Ratis has them in its names, whoever reads the figures wants them beside. */
    public RatisMeasures(Supplier<List<String>> routerIds) {
        this.routerIds = routerIds;
    }

    /** All that there are now. */
    public List<RatisMeasure> read() {
        List<String> ids = routerIds.get();
        List<RatisMeasure> measures = new ArrayList<>();
        for (RatisMetricRegistry registry : MetricRegistries.global().getMetricRegistries()) {
            if (registry instanceof RatisMetricRegistryImpl ours) {
                read(ours.getMetricRegistryInfo(), ours.getDropWizardMetricRegistry(), ids, measures);
            }
        }
        return measures;
    }

    private static void read(
            MetricRegistryInfo info, MetricRegistry registry, List<String> ids, List<RatisMeasure> measures) {
        String prefix =
                MetricRegistry.name(info.getApplicationName(), info.getMetricsComponentName(), info.getPrefix()) + ".";
        for (Map.Entry<String, Metric> entry : registry.getMetrics().entrySet()) {
            String full = entry.getKey();
            String name = full.startsWith(prefix) ? full.substring(prefix.length()) : full;
            reading(entry.getValue())
                    .ifPresent(reading -> measures.add(measure(info.getMetricsComponentName(), name, ids, reading)));
        }
    }

    private static Optional<Reading> reading(Metric metric) {
        if (metric instanceof Timer timer) {
            Snapshot latest = timer.getSnapshot();
            return Optional.of(new RatisMeasure.Timing(
                    timer.getCount(),
                    latest.getMedian() / NANOS,
                    latest.get99thPercentile() / NANOS,
                    latest.getMax() / NANOS));
        }
        if (metric instanceof Counter counter) {
            return Optional.of(new RatisMeasure.Count(counter.getCount()));
        }
        return metric instanceof Gauge<?> gauge ? level(gauge) : Optional.empty();
    }

    private static Optional<Reading> level(Gauge<?> gauge) {
        try {
            // Some tell a text, such as who leads.
            return gauge.getValue() instanceof Number number
                    ? Optional.of(new RatisMeasure.Level(number.doubleValue()))
                    : Optional.empty();
        } catch (RuntimeException e) {
            // It looks at a part of Ratis that ends just now, and must not take all other figures with it.
            LOGGER.debug("a gauge of Ratis fails", e);
            return Optional.empty();
        }
    }

    /** Takes the id of a router out of the name. */
    private static RatisMeasure measure(String component, String name, List<String> ids, Reading reading) {
        for (String id : ids) {
            Matcher found =
                    Pattern.compile("(^|_)" + Pattern.quote(id) + "(_|$)").matcher(name);
            if (found.find()) {
                String rest = name.substring(0, found.start())
                        + (found.start() == 0 || found.end() == name.length() ? "" : "_")
                        + name.substring(found.end());
                return new RatisMeasure(component, rest, Optional.of(id), reading);
            }
        }
        return new RatisMeasure(component, name, Optional.empty(), reading);
    }
}
