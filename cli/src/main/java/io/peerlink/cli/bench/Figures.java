package io.peerlink.cli.bench;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import io.peerlink.cli.CliException;
import io.peerlink.cli.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.HdrHistogram.Histogram;

/** A load run's figures under names that stay: one JSON object, flat but for a list of routers and one of seconds. */
final class Figures {
    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();
    private static final List<String> COMPARED =
            List.of("rate", "p50_us", "p90_us", "p99_us", "p999_us", "max_us", "routers_cpu_ms", "routers_rss_mb");

    private final JsonObject object;

    private Figures(JsonObject object) {
        this.object = object;
    }

    static Figures of(Workload plan, LoadBench.Result result, BenchEnvironment environment) {
        JsonObject object = new JsonObject();
        addPlan(object, plan);
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
        addRouters(object, result.routers());
        addEnvironment(object, environment);
        JsonArray seconds = new JsonArray();
        result.perSecond().forEach(seconds::add);
        object.add("per_second", seconds);
        return new Figures(object);
    }

    private static void addPlan(JsonObject object, Workload plan) {
        object.addProperty("workload", plan.shape().name().toLowerCase(Locale.ROOT));
        object.addProperty("senders", plan.senders());
        object.addProperty("receivers", plan.receivers());
        object.addProperty("clients", plan.idle());
        object.addProperty("away", plan.away());
        object.addProperty("in_flight", plan.inFlight());
        object.addProperty("size", plan.size());
        object.addProperty("target_rate", plan.rate());
        object.addProperty("seconds", plan.time().toMillis() / 1_000.0);
    }

    private static void addRouters(JsonObject object, List<RouterUse> routers) {
        if (routers.isEmpty()) {
            return;
        }
        object.addProperty(
                "routers_cpu_ms", routers.stream().mapToLong(RouterUse::cpuMs).sum());
        object.addProperty(
                "routers_rss_mb",
                routers.stream().mapToLong(use -> use.residentMb().orElse(0)).sum());
        JsonArray each = new JsonArray();
        for (RouterUse use : routers) {
            JsonObject router = new JsonObject();
            router.addProperty("id", use.id());
            router.addProperty("cpu_ms", use.cpuMs());
            use.residentMb().ifPresent(megabytes -> router.addProperty("rss_mb", megabytes));
            each.add(router);
        }
        object.add("routers", each);
    }

    private static void addEnvironment(JsonObject object, BenchEnvironment environment) {
        object.addProperty("version", environment.version());
        object.addProperty("processors", environment.processors());
        object.addProperty("os", environment.os());
        object.addProperty("java", environment.java());
        object.addProperty("fsync", true);
        environment.sync().ifPresent(sync -> {
            object.addProperty("sync_p50_us", sync.p50Micros());
            object.addProperty("sync_p99_us", sync.p99Micros());
        });
    }

    private static void add(JsonObject to, String prefix, Histogram micros) {
        to.addProperty(prefix + "p50_us", micros.getValueAtPercentile(50));
        to.addProperty(prefix + "p90_us", micros.getValueAtPercentile(90));
        to.addProperty(prefix + "p99_us", micros.getValueAtPercentile(99));
        to.addProperty(prefix + "p999_us", micros.getValueAtPercentile(99.9));
        to.addProperty(prefix + "max_us", micros.getMaxValue());
    }

    /** What {@code --json} printed: the last line of a file. */
    static Figures read(Path file) {
        try {
            List<String> lines = Files.readAllLines(file);
            JsonObject object = lines.isEmpty() ? null : GSON.fromJson(lines.get(lines.size() - 1), JsonObject.class);
            if (object != null && object.has("rate")) {
                return new Figures(object);
            }
        } catch (IOException | JsonParseException e) {
            throw new CliException(ExitCode.USAGE, "USAGE", "cannot read " + file + ": " + e.getMessage(), "");
        }
        throw new CliException(
                ExitCode.USAGE, "USAGE", "the last line of " + file + " is no result", "write one with --json");
    }

    /** Name, earlier, now, and now as a multiple of earlier: of what both have. */
    List<List<Object>> comparedTo(Figures earlier) {
        return COMPARED.stream()
                .filter(name -> object.has(name) && earlier.object.has(name) && earlier.number(name) > 0)
                .map(name -> List.<Object>of(
                        name,
                        earlier.number(name),
                        number(name),
                        String.format(Locale.ROOT, "%.2f", (double) number(name) / earlier.number(name))))
                .toList();
    }

    /** Two lines: names, and values. Without the lists. */
    List<String> csv() {
        List<Map.Entry<String, JsonElement>> flat = object.entrySet().stream()
                .filter(entry -> entry.getValue().isJsonPrimitive())
                .toList();
        return List.of(
                String.join(",", flat.stream().map(Map.Entry::getKey).toList()),
                String.join(
                        ",",
                        flat.stream()
                                .map(entry -> entry.getValue().getAsString())
                                .toList()));
    }

    String json() {
        return GSON.toJson(object);
    }

    private long number(String name) {
        return Objects.requireNonNull(object.get(name)).getAsLong();
    }
}
