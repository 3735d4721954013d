package io.peerlink.server.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigRenderOptions;
import io.peerlink.server.config.ServerConfig.Access;
import io.peerlink.server.config.ServerConfig.Connections;
import io.peerlink.server.config.ServerConfig.HostPort;
import io.peerlink.server.config.ServerConfig.Http;
import io.peerlink.server.config.ServerConfig.Limits;
import io.peerlink.server.config.ServerConfig.Operator;
import io.peerlink.server.config.ServerConfig.PemFiles;
import io.peerlink.server.config.ServerConfig.Raft;
import io.peerlink.server.config.ServerConfig.Registration;
import io.peerlink.server.config.ServerConfig.Retention;
import io.peerlink.server.config.ServerConfig.RouterAddress;
import io.peerlink.server.config.ServerConfig.Tls;
import io.peerlink.server.config.ServerConfig.TlsVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Turns a merged configuration tree into records; notes every value that is of the wrong type or out of range. */
final class ConfigReader {
    private static final Pattern ID = ServerConfig.ID;
    /** A name or an IPv4 address, or an IPv6 address. */
    private static final Pattern HOST = Pattern.compile(
            "[A-Za-z0-9_]([A-Za-z0-9._-]{0,253})|\\[?[0-9a-fA-F.]*:[0-9a-fA-F:.]+(%[A-Za-z0-9._-]+)?]?");

    private static final List<String> ROUTER_KEYS = List.of("id", "client", "raft");
    private static final List<String> TLS_FILES =
            List.of("tls.certificate", "tls.key", "tls.ca", "tls.raft.certificate", "tls.raft.key", "tls.raft.ca");
    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;

    private final Config config;
    private final Config defaults;
    private final List<String> problems;

    /**
     * @param config the tree under {@code peerlink}, defaults included
     * @param defaults the same tree without what was configured
     * @param problems where problems are added
     */
    ConfigReader(Config config, Config defaults, List<String> problems) {
        this.config = config;
        this.defaults = defaults;
        this.problems = problems;
    }

    ServerConfig read() {
        String routerId = id("router-id");
        List<RouterAddress> routers = routers();
        if (!routers.isEmpty()
                && routers.stream().noneMatch(router -> router.id().equals(routerId))) {
            problem("router-id", "\"" + routerId + "\" is not among routers");
        }
        ServerConfig read = new ServerConfig(
                routerId,
                id("cluster-id"),
                directory("data-dir"),
                bytes("disk-free-min", 0, 1024L * 1024 * 1024 * MIB),
                routers,
                host("bind-host", true),
                new Http(host("http.bind", false), (int) number("http.port", 0, 65_535)),
                raft(),
                limits(),
                connections(),
                access(),
                new Retention(
                        duration("retention.history", Duration.ofSeconds(1), Duration.ofDays(36500)),
                        duration("retention.incarnations", Duration.ofMinutes(1), Duration.ofDays(36500))),
                duration("tick", Duration.ofMillis(100), Duration.ofMinutes(1)),
                tls(),
                value("insecure", config::getBoolean, false, "true or false"));
        // Of a configuration with other problems nobody knows where it would listen.
        if (problems.isEmpty() && read.tls().isEmpty() && !read.insecure() && read.listensBeyondLoopback()) {
            problem(
                    "insecure",
                    "is false, there is no TLS, and this router would listen beyond loopback, on "
                            + read.bindHost(read.self().client()) + " or "
                            + read.bindHost(read.self().raft())
                            + ": set peerlink.tls (\"peerlink tls init\" makes certificates), or"
                            + " insecure = true on a network that you trust");
        }
        return read;
    }

    private Optional<Tls> tls() {
        String least = text("tls.min-version", TlsVersion.V1_3.number());
        Optional<TlsVersion> version = Stream.of(TlsVersion.values())
                .filter(known -> known.number().equals(least))
                .findFirst();
        if (version.isEmpty()) {
            problem("tls.min-version", "\"" + least + "\" must be 1.2 or 1.3");
        }
        if (TLS_FILES.stream().allMatch(key -> text(key, "").isEmpty())) {
            return Optional.empty();
        }
        List<Path> files = TLS_FILES.stream().map(this::readable).toList();
        return Optional.of(new Tls(
                new PemFiles(files.get(0), files.get(1), files.get(2)),
                version.orElse(TlsVersion.V1_3),
                new PemFiles(files.get(3), files.get(4), files.get(5))));
    }

    private Path readable(String key) {
        Path file = path(key);
        if (file.toString().isEmpty()) {
            problem(key, "is missing: TLS needs all of " + String.join(", ", TLS_FILES));
        } else if (!Files.isReadable(file) || !Files.isRegularFile(file)) {
            problem(key, "\"" + file + "\" cannot be read");
        } else if (key.endsWith(".key")) {
            requireSecret(key, file);
        }
        return file;
    }

    private void requireSecret(String key, Path file) {
        try {
            FileRights.exposure(file).ifPresent(fault -> problem(key, "\"" + file + "\" " + fault));
        } catch (IOException e) {
            problem(key, "\"" + file + "\" cannot be read: " + e.getMessage());
        }
    }

    private Raft raft() {
        Duration min = duration("raft.election-timeout-min", Duration.ofMillis(100), Duration.ofMinutes(1));
        Duration max = duration("raft.election-timeout-max", Duration.ofMillis(101), Duration.ofMinutes(2));
        if (max.compareTo(min) <= 0) {
            problem(
                    "raft.election-timeout-max",
                    "must be greater than election-timeout-min (" + min.toMillis() + "ms)");
        }
        return new Raft(
                min,
                max,
                (int) number("raft.batches-in-flight", 1, 64),
                (int) bytes("raft.batch-bytes", KIB, MIB),
                (int) number("raft.batch-commands", 1, 10_000),
                bytes("raft.waiting-bytes", MIB, 4096L * MIB),
                (int) number("raft.checkpoint-entries", 100, 100_000_000),
                bytes("raft.checkpoint-bytes", MIB, 64L * 1024 * MIB),
                (int) number("raft.keep-entries", 0, 100_000_000),
                (int) number("raft.checkpoints-kept", 2, 10));
    }

    private Limits limits() {
        return new Limits(
                (int) bytes("limits.body-bytes", 1, MIB),
                (int) number("limits.unsettled-requests", 1, 100_000),
                duration("limits.ttl", Duration.ofSeconds(1), Duration.ofDays(36500)),
                (int) number("limits.sessions", 1, 1_000_000),
                (int) number("limits.sessions-per-peer", 1, 1_000_000),
                (int) number("limits.sends-per-second", 0, 100_000_000),
                (int) number("limits.deliveries-per-second", 0, 1_000_000_000),
                (int) number("limits.registrations-per-second", 0, 1_000_000),
                (int) number("limits.sessions-per-second", 0, 1_000_000),
                number("limits.inbox-messages", 0, 1_000_000_000_000L),
                bytes("limits.inbox-bytes", 0, 1024L * 1024 * MIB),
                (int) number("limits.groups-per-peer", 0, 1_000_000),
                (int) number("limits.members-per-group", 0, 1_000_000),
                (int) number("limits.invitations-per-peer", 0, 1_000_000),
                (int) number("limits.blocked-per-peer", 0, 1_000_000),
                duration("limits.attach-timeout", Duration.ofMillis(100), Duration.ofMinutes(5)));
    }

    private Connections connections() {
        return new Connections(
                (int) number("connections.per-address", 1, 1_000_000),
                (int) number("connections.unattached-per-address", 1, 1_000_000),
                (int) number("connections.new-per-second", 0, 1_000_000),
                (int) number("connections.calls", 1, 100_000),
                (int) number("connections.resets-per-minute", 1, 1_000_000),
                (int) number("connections.control-frames-per-second", 0, 1_000_000),
                bytes("connections.half-request-bytes", 0, 64L * 1024 * MIB),
                (int) bytes("connections.header-bytes", KIB, MIB),
                duration("connections.handshake-timeout", Duration.ofMillis(100), Duration.ofMinutes(5)),
                duration("connections.idle", Duration.ofSeconds(1), Duration.ofDays(365)),
                duration("connections.age", Duration.ofSeconds(1), Duration.ofDays(365)));
    }

    private Access access() {
        String given = text("access.registration", "auto");
        Optional<Registration> registration = Stream.of(Registration.values())
                .filter(known -> known.name().toLowerCase(Locale.ROOT).equals(given))
                .findFirst();
        if (registration.isEmpty()) {
            problem("access.registration", "\"" + given + "\" must be auto, open, invite or closed");
        }
        OperatorsReader reader = new OperatorsReader(problems);
        reader.takeEntries(entries("access.operators"), "peerlink.access.operators: ");
        List<Operator> operators = reader.operators();
        Optional<Path> file = Optional.of(path("access.operators-file"))
                .filter(named -> !named.toString().isEmpty());
        file.ifPresent(named -> {
            try {
                reader.takeText(OperatorsReader.text(named), named);
            } catch (IOException e) {
                problem("access.operators-file", String.valueOf(e.getMessage()));
            }
        });
        return new Access(
                registration.orElse(Registration.CLOSED),
                operators,
                file,
                bytes("access.audit-bytes", KIB, 1024L * MIB));
    }

    private List<RouterAddress> routers() {
        List<RouterAddress> routers = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Config router : entries("routers")) {
            String where = ConfigLoader.at(router.origin()) + "peerlink.routers: ";
            try {
                String id = router.getString("id");
                if (!ID.matcher(id).matches()) {
                    problems.add(where + "id \"" + id + "\" must match " + ID.pattern());
                }
                RouterAddress address = new RouterAddress(
                        id, hostPort(where, router.getString("client")), hostPort(where, router.getString("raft")));
                for (String key : router.root().keySet()) {
                    if (!ROUTER_KEYS.contains(key)) {
                        problems.add(where + "unknown key " + key + "; a router has " + ROUTER_KEYS);
                    }
                }
                for (String unique :
                        List.of(id, address.client().toString(), address.raft().toString())) {
                    if (!seen.add(unique)) {
                        problems.add(where + unique + " is given twice");
                    }
                }
                routers.add(address);
            } catch (com.typesafe.config.ConfigException e) {
                problems.add(String.valueOf(e.getMessage()));
            }
        }
        if (routers.isEmpty() && problems.isEmpty()) {
            problem("routers", "needs at least one router");
        }
        return routers;
    }

    private Path path(String key) {
        String text = text(key, "");
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            problem(key, "is not a path: " + e.getReason());
            return Path.of("");
        }
    }

    private Path directory(String key) {
        Path directory = path(key);
        for (Path part = directory.toAbsolutePath(); part != null; part = part.getParent()) {
            if (Files.exists(part)) {
                if (!Files.isDirectory(part)) {
                    problem(key, "\"" + directory + "\" can be no directory: " + part + " is a file");
                }
                break;
            }
        }
        return directory;
    }

    private String host(String key, boolean mayBeEmpty) {
        String host = text(key, "127.0.0.1");
        if (!HOST.matcher(host).matches() && !(mayBeEmpty && host.isEmpty())) {
            problem(key, "\"" + host + "\" is neither an address nor a host name");
        }
        return host;
    }

    private HostPort hostPort(String where, String text) {
        return HostPort.parse(text).orElseGet(() -> {
            problems.add(where + "\"" + text + "\" is not host:port with a port from 1 to 65535");
            return new HostPort("invalid", 1);
        });
    }

    private String id(String key) {
        String id = text(key, "invalid");
        if (!ID.matcher(id).matches()) {
            problem(key, "\"" + id + "\" must match " + ID.pattern());
        }
        return id;
    }

    private long number(String key, long min, long max) {
        String range = min + " to " + max;
        return inRange(key, value(key, config::getLong, min, "a number: " + range), min, max);
    }

    private long bytes(String key, long min, long max) {
        String range = min + " to " + max;
        return inRange(key, value(key, config::getBytes, min, "bytes (64 MiB): " + range), min, max);
    }

    private Duration duration(String key, Duration min, Duration max) {
        String range = min.toMillis() + "ms to " + max.toMillis() + "ms";
        Duration duration = value(key, config::getDuration, min, "a time (10s): " + range);
        if (duration.compareTo(min) < 0 || duration.compareTo(max) > 0) {
            problem(key, duration.toMillis() + "ms is out of range: " + range);
        }
        return duration;
    }

    private long inRange(String key, long value, long min, long max) {
        if (value < min || value > max) {
            problem(key, value + " is out of range: " + min + " to " + max);
        }
        return value;
    }

    private String text(String key, String otherwise) {
        return value(key, config::getString, otherwise, "a text");
    }

    private List<? extends Config> entries(String key) {
        return value(key, config::getConfigList, List.<Config>of(), "a list of { ... }");
    }

    /**
     * Reads one.
     *
     * @param form what it must be
     */
    private <T> T value(String key, Function<String, T> getter, T otherwise, String form) {
        try {
            return getter.apply(key);
        } catch (com.typesafe.config.ConfigException e) {
            problems.add(e.getMessage() + "; needed is " + form + defaultOf(key));
            return otherwise;
        }
    }

    /** Adds a problem of this key. */
    void problem(String key, String what) {
        problems.add(ConfigLoader.at(config.getValue(key).origin()) + "peerlink." + key + " " + what + defaultOf(key));
    }

    private String defaultOf(String key) {
        return "; the default is " + defaults.getValue(key).render(ConfigRenderOptions.concise());
    }
}
