package io.peerlink.integration.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code ops/} asks Prometheus for. */
final class OpsFiles {
    private static final Pattern RULE = Pattern.compile("(?m)^ +expr: (.+)$");
    private static final Pattern METRIC = Pattern.compile("\\b(?:peerlink|ratis|jvm|process|system)_[a-z0-9_]+");
    /** Told by routers with TLS only. */
    static final String OF_TLS = "peerlink_certificate_expiry_seconds";

    private static final Path OPS = Distribution.checkout().resolve("ops");

    private OpsFiles() {}

    static Path alerts() {
        return OPS.resolve("prometheus/alerts.yml");
    }

    /** Of the alert rules. */
    static List<String> ruleExpressions() {
        List<String> found = new ArrayList<>();
        Matcher rules = RULE.matcher(read(alerts()));
        while (rules.find()) {
            found.add(rules.group(1));
        }
        assertThat(found).as("rules").hasSizeGreaterThan(5);
        return found;
    }

    /** Of the dashboard's panels, with the job that it lets one choose. */
    static List<String> dashboardExpressions(String job) {
        List<String> found = new ArrayList<>();
        JsonObject dashboard = JsonParser.parseString(read(OPS.resolve("grafana/peerlink.json")))
                .getAsJsonObject();
        for (JsonElement panel : dashboard.getAsJsonArray("panels")) {
            for (JsonElement target : panel.getAsJsonObject().getAsJsonArray("targets")) {
                found.add(target.getAsJsonObject().get("expr").getAsString().replace("$job", job));
            }
        }
        assertThat(found).as("panels").hasSizeGreaterThan(10);
        return found;
    }

    /** Every metric that one of them names. */
    static Set<String> metrics() {
        Set<String> names = new TreeSet<>();
        List<String> all = new ArrayList<>(ruleExpressions());
        all.addAll(dashboardExpressions("any"));
        for (String expression : all) {
            Matcher metric = METRIC.matcher(expression);
            while (metric.find()) {
                names.add(metric.group());
            }
        }
        return names;
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
