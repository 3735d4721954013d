package io.peerlink.cli.bench;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import io.peerlink.cli.CliException;
import io.peerlink.cli.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/** A load run's figures, as one JSON object whose keys are stable. */
final class LoadReport {
    private static final List<String> COMPARED =
            List.of("rate", "p50_us", "p90_us", "p99_us", "p999_us", "max_us", "routers_cpu_ms", "routers_rss_mb");

    private final JsonObject figures;

    private LoadReport(JsonObject figures) {
        this.figures = figures;
    }

    static LoadReport of(Workload plan, LoadBench.Result result) {
        JsonObject object = new JsonObject();
        object.addProperty("workload", plan.shape().name().toLowerCase(Locale.ROOT));
        object.addProperty("senders", plan.senders());
        object.addProperty("receivers", plan.receivers());
        object.addProperty("clients", plan.idle());
        object.addProperty("in_flight", plan.inFlight());
        object.addProperty("size", plan.size());
        object.addProperty("target_rate", plan.rate());
        object.addProperty("seconds", plan.time().toMillis() / 1_000.0);
        object.addProperty("rate", Math.round(result.rate()));
        add(object, "", result.micros());
        object.addProperty("acknowledged_rate", Math.round(result.acknowledgedRate()));
        add(object, "acknowledged_", result.acknowledgedMicros());
        object.addProperty("acknowledged", result.acknowledged());
        object.addProperty("delivered", result.delivered());
        object.addProperty("lost", result.lost());
        object.addProperty("doubled", result.doubled());
        object.addProperty("errors", result.errors());
        object.addProperty("held_back", result.heldBack());
        object.addProperty("good", result.good());
        if (!result.routers().isEmpty()) {
            object.addProperty(
                    "routers_cpu_ms",
                    result.routers().stream().mapToLong(RouterUse::cpuMs).sum());
            object.addProperty(
                    "routers_rss_mb",
                    result.routers().stream()
                            .mapToLong(use -> use.residentMb().orElse(0))
                            .sum());
        }
        object.addProperty("processors", Runtime.getRuntime().availableProcessors());
        object.addProperty("java", System.getProperty("java.vm.version"));
        return new LoadReport(object);
    }

    private static void add(JsonObject to, String prefix, Histogram micros) {
        to.addProperty(prefix + "p50_us", micros.getValueAtPercentile(50));
        to.addProperty(prefix + "p90_us", micros.getValueAtPercentile(90));
        to.addProperty(prefix + "p99_us", micros.getValueAtPercentile(99));
        to.addProperty(prefix + "p999_us", micros.getValueAtPercentile(99.9));
        to.addProperty(prefix + "max_us", micros.getMaxValue());
    }

    /** What {@code --json} printed: the last line of a file. */
    static LoadReport read(Path file) {
        try {
            List<String> lines = Files.readAllLines(file);
            JsonObject object =
                    lines.isEmpty() ? null : new Gson().fromJson(lines.get(lines.size() - 1), JsonObject.class);
            if (object != null && object.has("rate")) {
                return new LoadReport(object);
            }
        } catch (IOException | JsonParseException e) {
            throw new CliException(ExitCode.USAGE, "USAGE", "cannot read " + file + ": " + e.getMessage(), "");
        }
        throw new CliException(
                ExitCode.USAGE, "USAGE", "the last line of " + file + " is no result", "write one with --json");
    }

    /** Whether all that was acknowledged was delivered once, and nothing failed. */
    boolean good() {
        return figures.get("good").getAsBoolean();
    }

    void print(boolean json, boolean csv, Optional<LoadReport> earlier) {
        System.out.printf(
                Locale.ROOT,
                "%s: %,d/s; p50 %,d us, p90 %,d, p99 %,d, p99.9 %,d, max %,d; acknowledged %,d, delivered %,d, lost %,d,"
                        + " doubled %,d, errors %,d, held back %,d%n",
                text("workload"),
                number("rate"),
                number("p50_us"),
                number("p90_us"),
                number("p99_us"),
                number("p999_us"),
                number("max_us"),
                number("acknowledged"),
                number("delivered"),
                number("lost"),
                number("doubled"),
                number("errors"),
                number("held_back"));
        if (figures.has("routers_cpu_ms")) {
            System.out.printf(
                    Locale.ROOT,
                    "routers: %,d ms of processor time in %s s, %,d MB; %d processors, Java %s%n",
                    number("routers_cpu_ms"),
                    text("seconds"),
                    number("routers_rss_mb"),
                    number("processors"),
                    text("java"));
        }
        earlier.ifPresent(this::printRatios);
        if (csv) {
            System.out.println(String.join(",", figures.keySet()));
            System.out.println(
                    String.join(",", figures.keySet().stream().map(this::text).toList()));
        }
        if (json) {
            System.out.println(new Gson().toJson(figures));
        }
    }

    private void printRatios(LoadReport earlier) {
        for (String key : COMPARED) {
            if (figures.has(key) && earlier.figures.has(key) && earlier.number(key) > 0) {
                System.out.printf(
                        Locale.ROOT,
                        "%s: %,d -> %,d, %.2f of it%n",
                        key,
                        earlier.number(key),
                        number(key),
                        (double) number(key) / earlier.number(key));
            }
        }
    }

    private String text(String key) {
        return figures.get(key).getAsString();
    }

    private long number(String key) {
        return figures.get(key).getAsLong();
    }
}
