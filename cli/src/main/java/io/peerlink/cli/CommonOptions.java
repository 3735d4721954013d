package io.peerlink.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.peerlink.cli.local.CheckoutCluster;
import io.peerlink.cli.output.OutputFormat;
import io.peerlink.cli.output.Printer;
import io.peerlink.cli.output.Theme;
import io.peerlink.client.ClientBuilder;
import io.peerlink.client.PeerLinkClient;
import io.peerlink.client.RouterTrust;
import io.peerlink.client.admin.ClusterAdmin;
import io.peerlink.client.admin.ClusterClient;
import io.peerlink.client.identity.Identity;
import io.peerlink.client.identity.KnownRouters;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Options that every command takes, before or after its name. */
public final class CommonOptions {
    /** When to colour. */
    public enum ColourWhen {
        AUTO,
        ALWAYS,
        NEVER
    }

    @Option(
            names = "--servers",
            scope = ScopeType.INHERIT,
            split = ",",
            paramLabel = "HOST:PORT",
            defaultValue = "${PEERLINK_SERVERS:-127.0.0.1:7401,127.0.0.1:7402,127.0.0.1:7403}",
            description = "routers to try (env PEERLINK_SERVERS; default: the local three)")
    private List<String> servers = List.of();

    @Option(
            names = "--ca",
            scope = ScopeType.INHERIT,
            paramLabel = "FILE",
            defaultValue = "${PEERLINK_CA:-}",
            description = "speak TLS; routers must show certificates of this authority (env PEERLINK_CA)")
    private String authority = "";

    @Option(
            names = "--tls",
            scope = ScopeType.INHERIT,
            description = "speak TLS; a router's first certificate is remembered and must stay (without --ca)")
    private boolean tls;

    @Option(
            names = "--id",
            scope = ScopeType.INHERIT,
            paramLabel = "NAME",
            defaultValue = "${PEERLINK_ID:-}",
            description = "the peer to act as (env PEERLINK_ID)")
    private String id = "";

    @Option(
            names = "--operator",
            scope = ScopeType.INHERIT,
            paramLabel = "NAME",
            defaultValue = "${PEERLINK_OPERATOR:-}",
            description = "whose key proves administrative calls (env PEERLINK_OPERATOR; see peerlink operator)")
    private String operator = "";

    @Option(
            names = {"-o", "--output"},
            scope = ScopeType.INHERIT,
            paramLabel = "FORMAT",
            description = "plain, table or json (default: table on a terminal, else plain)")
    private @Nullable OutputFormat output;

    @Option(
            names = "--timeout",
            scope = ScopeType.INHERIT,
            paramLabel = "TIME",
            defaultValue = "10s",
            description = "how long to wait for the cluster (default: ${DEFAULT-VALUE})")
    private Duration timeout = Duration.ofSeconds(10);

    @Option(
            names = "--color",
            scope = ScopeType.INHERIT,
            paramLabel = "WHEN",
            defaultValue = "auto",
            description = "auto, always or never (default: ${DEFAULT-VALUE}; NO_COLOR is honoured)")
    private ColourWhen colour = ColourWhen.AUTO;

    @Option(
            names = "--states",
            scope = ScopeType.INHERIT,
            paramLabel = "on|off",
            defaultValue = "on",
            description = "show Sent, Delivered and Read (default: ${DEFAULT-VALUE})")
    private OnOff states = OnOff.ON;

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "log to standard error")
    private boolean debug;

    /** A switch with words. */
    enum OnOff {
        ON,
        OFF
    }

    /** The options given to the command line that this command belongs to. */
    public static CommonOptions of(CommandSpec spec) {
        return ((PeerLinkCli) spec.root().userObject()).options();
    }

    public List<String> servers() {
        return servers;
    }

    /**
     * How routers are told from others: by the authority that was given, or as the cluster in this checkout has it; or by what was
     * seen first, if that is asked for, or was once for one of these routers. Otherwise in plain text.
     */
    public RouterTrust trust() {
        if (!authority.isEmpty()) {
            return trust(authority);
        }
        Optional<Path> ofCheckout = CheckoutCluster.authority(servers);
        if (ofCheckout.isPresent()) {
            return RouterTrust.authority(ofCheckout.get());
        }
        if (!tls && CheckoutCluster.isPlain(servers)) {
            // Its ports may have been another cluster's, or its own before it was wiped.
            return RouterTrust.plainText();
        }
        KnownRouters known = new KnownRouters(KnownRouters.defaultFile());
        return tls
                        || servers.stream()
                                .anyMatch(server -> known.fingerprint(server).isPresent())
                ? RouterTrust.firstSight(known.file())
                : RouterTrust.plainText();
    }

    private static RouterTrust trust(String authority) {
        try {
            return RouterTrust.authority(Path.of(authority));
        } catch (IllegalArgumentException e) {
            throw new CliException(
                    ExitCode.USAGE,
                    "USAGE",
                    String.valueOf(e.getMessage()),
                    "--ca (or PEERLINK_CA) names the cluster's ca.pem, which peerlink tls init makes");
        }
    }

    /** For questions to routers. */
    public ClusterClient cluster() {
        return new ClusterClient(timeout, trust(), operator());
    }

    /** For changes of the cluster. */
    public ClusterAdmin admin() {
        return new ClusterAdmin(servers, timeout, trust(), operator());
    }

    /** Where operators' keys lie. */
    public static Path operatorsDirectory() {
        return Identity.defaultDirectory().resolve("operators");
    }

    private Optional<Identity> operator() {
        return operator.isEmpty() ? Optional.empty() : Optional.of(operator(operator));
    }

    /** The key of an operator on this machine. */
    public static Identity operator(String name) {
        if (!Identity.exists(operatorsDirectory(), name)) {
            throw new CliException(
                    ExitCode.NOT_AUTHORISED,
                    "BAD_IDENTITY",
                    "there is no key of an operator " + name + " on this machine",
                    "peerlink operator init " + name + " makes one; or copy it to " + operatorsDirectory());
        }
        return Identity.load(operatorsDirectory(), name);
    }

    public Duration timeout() {
        return timeout;
    }

    public boolean debug() {
        return debug;
    }

    public boolean statesShown() {
        return states == OnOff.ON;
    }

    /** Sets what applies before any command runs. */
    void apply() {
        if (debug) {
            ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.DEBUG);
            ((Logger) LoggerFactory.getLogger("io.grpc")).setLevel(Level.INFO);
        }
    }

    /** Whether a person sits at both ends; the start script knows, Java's own word changed with JDK 22. */
    public static boolean isInteractive() {
        return Boolean.getBoolean("peerlink.stdin.terminal") && stdoutIsTerminal();
    }

    private static boolean stdoutIsTerminal() {
        return Boolean.getBoolean("peerlink.stdout.terminal");
    }

    /** Whether a person sees what goes to standard error; the start script knows. */
    public static boolean stderrIsTerminal() {
        return Boolean.getBoolean("peerlink.stderr.terminal");
    }

    public OutputFormat format() {
        if (output != null) {
            return output;
        }
        return stdoutIsTerminal() ? OutputFormat.TABLE : OutputFormat.PLAIN;
    }

    public Theme theme() {
        return new Theme(ansi());
    }

    Ansi ansi() {
        return switch (colour) {
            case AUTO -> stdoutIsTerminal() ? Ansi.AUTO : Ansi.OFF;
            case ALWAYS -> Ansi.ON;
            case NEVER -> Ansi.OFF;
        };
    }

    /** Prints to standard output, each line at once. */
    public Printer printer() {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        return new Printer(format(), statesShown(), theme(), out::println);
    }

    /** The name given, as typed; empty if none was. */
    public String idOrEmpty() {
        return id;
    }

    /** The name to act as; usage error without one. */
    public String requireId() {
        if (id.isEmpty()) {
            throw new CliException(
                    ExitCode.USAGE, "USAGE", "who are you? no name was given", "add --id NAME, or set PEERLINK_ID");
        }
        return id;
    }

    /** A client for a name that has a key on this machine, not connected yet. */
    public ClientBuilder existingPeer(String name) {
        if (!Identity.exists(Identity.defaultDirectory(), name)) {
            throw new CliException(
                    ExitCode.NOT_FOUND,
                    "NOT_REGISTERED",
                    "there is no key for " + name + " on this machine",
                    "register first: peerlink register --id " + name);
        }
        return peer(Identity.load(Identity.defaultDirectory(), name)).registerIfUnknown(false);
    }

    /** A client that registers its name if nobody has it; makes a key if there is none. */
    public ClientBuilder newPeer(String name) {
        return peer(Identity.loadOrCreate(Identity.defaultDirectory(), name)).registerIfUnknown(true);
    }

    /** As {@link #existingPeer} or {@link #newPeer}, with end-to-end encryption: keys and lists lie beside the identities. */
    public static ClientBuilder sealing(ClientBuilder peer) {
        return peer.endToEnd(Identity.defaultDirectory());
    }

    /** As {@link #sealing}, where that is of use but not asked for: without, if nothing can be written beside the identities. */
    public static ClientBuilder opening(ClientBuilder peer) {
        Path directory = Identity.defaultDirectory();
        return Files.isDirectory(directory) && !Files.isWritable(directory) ? peer : sealing(peer);
    }

    /** A client that acts with this very key. */
    public ClientBuilder peer(Identity identity) {
        return PeerLinkClient.builder()
                .servers(servers)
                .trust(trust())
                .identity(identity)
                .connectTimeout(timeout)
                .agent("peerlink-cli");
    }

    /**
     * Attaches as the peer of {@code --id}. The caller closes it.
     *
     * @param settings what this client needs beyond what the options say
     */
    public PeerLinkClient connect(UnaryOperator<ClientBuilder> settings) {
        PeerLinkClient client = settings.apply(existingPeer(requireId()).requestTimeout(timeout))
                .build();
        try {
            return client.connect();
        } catch (RuntimeException e) {
            client.close();
            throw e;
        }
    }
}
