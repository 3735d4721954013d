package io.peerlink.server.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
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
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a router's configuration: built-in defaults (the documented {@code conf/peerlink.conf}), then the given file, then
 * environment variables. Collects all problems before it gives up.
 */
public final class ConfigLoader {
    private static final String ROOT = "peerlink";
    private static final String DEFAULTS = "peerlink.conf";
    private static final String PREFIX = "PEERLINK_";
    /** Said where the library, which goes down by recursion and has no limit of its own, came to the end of the stack. */
    static final String TOO_DEEP = ": has too many objects or lists in one another";

    /** Variables of the start scripts, the log and the command line, which a router may have in its environment. */
    private static final Set<String> OTHERS = Set.of(
            "PEERLINK_HOME",
            "PEERLINK_TARGET",
            "PEERLINK_NO_BUILD",
            "PEERLINK_JAVA_OPTS",
            "PEERLINK_LOCAL_CLUSTER",
            "PEERLINK_LOG_FORMAT",
            "PEERLINK_LOGBACK",
            "PEERLINK_SERVERS",
            "PEERLINK_CA",
            "PEERLINK_ID",
            "PEERLINK_INVITE",
            "PEERLINK_OPERATOR");

    /** What a Kubernetes service named peerlink-raft, say, brings: PEERLINK_RAFT_SERVICE_HOST and more. */
    private static final Pattern SERVICE =
            Pattern.compile(".*_SERVICE_(HOST|PORT(_.*)?)|.*_PORT_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?");

    private static final Logger LOGGER = LoggerFactory.getLogger(ConfigLoader.class);

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
        try {
            if (file.isPresent()) {
                Config given = parse(file.get());
                rejectUnknownKeys(given, defaults);
                merged = given.withFallback(defaults);
            }
            return override(merged, defaults, environment).resolve();
        } catch (com.typesafe.config.ConfigException e) {
            throw new ConfigException(List.of(String.valueOf(e.getMessage())));
        } catch (StackOverflowError e) {
            throw new ConfigException(List.of(file.map(Path::toString).orElse("environment") + TOO_DEEP));
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

    private static Config parse(Path file) {
        if (!Files.isReadable(file)) {
            throw new ConfigException(List.of(file + ": cannot be read"));
        }
        // The library takes a directory, or a device without content, for a file that sets nothing.
        if (!Files.isRegularFile(file)) {
            throw new ConfigException(List.of(file + ": is no file"));
        }
        return ConfigFactory.parseFile(file.toFile());
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
                String origin = "environment variable " + known.getKey();
                boolean list = defaults.getValue(known.getValue()).valueType() == ConfigValueType.LIST;
                result = result.withValue(
                        known.getValue(), list ? list(value, origin) : ConfigValueFactory.fromAnyRef(value, origin));
            }
        }
        return result;
    }

    /** A list as a file has it. */
    private static ConfigValue list(String text, String origin) {
        return ConfigFactory.parseString(
                        "list = " + text,
                        ConfigParseOptions.defaults()
                                .setOriginDescription(origin)
                                .setIncluder(new NoIncludes()))
                .resolve()
                .getValue("list");
    }

    /** Of those that are named after a section; of others that are not known either there is a warning. */
    private void rejectUnknownVariables(
            Map<String, String> environment, Config defaults, Map<String, String> variables) {
        List<String> sections = defaults.getObject(ROOT).entrySet().stream()
                .filter(entry -> entry.getValue() instanceof ConfigObject)
                .map(entry -> variable(ROOT + "." + entry.getKey() + "."))
                .toList();
        for (String name : new TreeSet<>(environment.keySet())) {
            if (!name.startsWith(PREFIX)
                    || variables.containsKey(name)
                    || OTHERS.contains(name)
                    || isService(name, String.valueOf(environment.get(name)))) {
                continue;
            }
            String fault = "environment variable " + name + ": no key is named so"
                    + nearest(name, variables.keySet())
                            .map(known -> "; did you mean " + known + "?")
                            .orElse("");
            if (sections.stream().anyMatch(name::startsWith)) {
                problems.add(fault);
            } else {
                LOGGER.warn("{}", fault);
            }
        }
    }

    private static boolean isService(String name, String value) {
        return SERVICE.matcher(name).matches() || (name.endsWith("_PORT") && value.contains("://"));
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
