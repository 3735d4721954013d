package io.peerlink.server.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/**
 * Reads a router's configuration: built-in defaults (the documented {@code conf/peerlink.conf}), then the given file, then
 * environment variables. Collects all problems before it gives up.
 */
public final class ConfigLoader {
    private static final String ROOT = "peerlink";
    private static final String DEFAULTS = "peerlink.conf";

    private final List<String> problems = new ArrayList<>();

    private ConfigLoader() {}

    /**
     * Loads and validates.
     *
     * @param file a HOCON file, or empty for the defaults alone
     * @param environment environment variables; only those named after known keys count
     * @throws ConfigException naming every problem
     */
    public static ServerConfig load(Optional<Path> file, Map<String, String> environment) {
        return new ConfigLoader().read(file, environment);
    }

    /**
     * Reads as a router does before it starts, and looks into what the configuration names as well.
     *
     * @param further is given the configuration, also one with problems, and tells of more: the key, without {@code peerlink.}, and what
     *     is wrong
     * @throws ConfigException naming every problem
     */
    public static void check(
            Optional<Path> file,
            Map<String, String> environment,
            BiConsumer<ServerConfig, BiConsumer<String, String>> further) {
        ConfigLoader loader = new ConfigLoader();
        loader.validate(loader.merge(file, environment), further);
    }

    /**
     * Every key with the value that a router would take and where that comes from, by key.
     *
     * @throws ConfigException naming every problem
     */
    public static List<Setting> settings(Optional<Path> file, Map<String, String> environment) {
        ConfigLoader loader = new ConfigLoader();
        Config merged = loader.merge(file, environment);
        loader.validate(merged);
        return merged.entrySet().stream()
                .map(entry -> new Setting(
                        entry.getKey(),
                        entry.getValue().render(ConfigRenderOptions.concise()),
                        entry.getValue().origin().description()))
                .sorted(Comparator.comparing(Setting::key))
                .toList();
    }

    private ServerConfig read(Optional<Path> file, Map<String, String> environment) {
        return validate(merge(file, environment));
    }

    private Config merge(Optional<Path> file, Map<String, String> environment) {
        Config defaults = defaults();
        Config merged = defaults;
        if (file.isPresent()) {
            Config given = parse(file.get());
            rejectUnknownKeys(given, defaults);
            merged = given.withFallback(defaults);
        }
        try {
            return override(merged, defaults, environment).resolve();
        } catch (com.typesafe.config.ConfigException e) {
            throw new ConfigException(List.of(String.valueOf(e.getMessage())));
        }
    }

    private ServerConfig validate(Config merged) {
        return validate(merged, (config, problem) -> {});
    }

    private ServerConfig validate(Config merged, BiConsumer<ServerConfig, BiConsumer<String, String>> further) {
        ConfigReader reader =
                new ConfigReader(merged.getConfig(ROOT), defaults().getConfig(ROOT), problems);
        ServerConfig config = reader.read();
        further.accept(config, reader::problem);
        failIfAny();
        return config;
    }

    private static Config defaults() {
        try (Reader reader =
                new InputStreamReader(ConfigLoader.class.getResourceAsStream(DEFAULTS), StandardCharsets.UTF_8)) {
            return ConfigFactory.parseReader(
                    reader, ConfigParseOptions.defaults().setOriginDescription("built-in defaults"));
        } catch (java.io.IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Config parse(Path file) {
        if (!Files.isReadable(file)) {
            throw new ConfigException(List.of(file + ": cannot be read"));
        }
        try {
            return ConfigFactory.parseFile(file.toFile());
        } catch (com.typesafe.config.ConfigException e) {
            throw new ConfigException(List.of(String.valueOf(e.getMessage())));
        }
    }

    private void rejectUnknownKeys(Config given, Config defaults) {
        for (Map.Entry<String, ConfigValue> entry : given.entrySet()) {
            String key = entry.getKey();
            if (!defaults.hasPathOrNull(key)) {
                Set<String> known = new TreeSet<>();
                defaults.entrySet().forEach(each -> known.add(each.getKey()));
                String guess = nearest(key, known)
                        .map(nearest -> "; did you mean " + nearest + "?")
                        .orElse("");
                problems.add(at(entry.getValue().origin()) + "unknown key " + key + guess);
            }
        }
    }

    private Config override(Config merged, Config defaults, Map<String, String> environment) {
        Map<String, String> variables = new TreeMap<>();
        defaults.entrySet().forEach(entry -> variables.put(variable(entry.getKey()), entry.getKey()));
        rejectUnknownVariables(environment, defaults, variables);
        Config result = merged;
        for (Map.Entry<String, String> known : variables.entrySet()) {
            String value = environment.get(known.getKey());
            if (value != null) {
                result = result.withValue(
                        known.getValue(),
                        ConfigValueFactory.fromAnyRef(value, "environment variable " + known.getKey()));
            }
        }
        return result;
    }

    /** Of those that are named after a section; the start scripts and the command line have others. */
    private void rejectUnknownVariables(
            Map<String, String> environment, Config defaults, Map<String, String> variables) {
        List<String> sections = defaults.getObject(ROOT).entrySet().stream()
                .filter(entry -> entry.getValue() instanceof ConfigObject)
                .map(entry -> variable(ROOT + "." + entry.getKey() + "."))
                .toList();
        for (String name : new TreeSet<>(environment.keySet())) {
            // A Kubernetes service named peerlink-raft brings PEERLINK_RAFT_SERVICE_HOST and more.
            boolean service = name.contains("_SERVICE_") || name.contains("_PORT_");
            if (!service && !variables.containsKey(name) && sections.stream().anyMatch(name::startsWith)) {
                String guess = nearest(name, variables.keySet())
                        .map(known -> "; did you mean " + known + "?")
                        .orElse("");
                problems.add("environment variable " + name + ": no key is named so" + guess);
            }
        }
    }

    private static String variable(String key) {
        return key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    private static Optional<String> nearest(String key, Set<String> candidates) {
        String best = null;
        int bestDistance = Integer.MAX_VALUE;
        for (String known : candidates) {
            int distance = distance(key, known);
            if (distance < bestDistance) {
                bestDistance = distance;
                best = known;
            }
        }
        return bestDistance <= Math.max(3, key.length() / 4) ? Optional.ofNullable(best) : Optional.empty();
    }

    /** Levenshtein distance: how many single-letter edits lie between two keys. */
    private static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(previous[j], row[j - 1]) + 1);
            }
            previous = row;
        }
        return previous[b.length()];
    }

    /** {@code "file: line: "}, or what else is known of where a value came from. */
    static String at(ConfigOrigin origin) {
        return origin.description() + ": ";
    }

    private void failIfAny() {
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
    }
}
