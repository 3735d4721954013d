package io.peerlink.server;

import io.peerlink.server.config.ConfigException;
import io.peerlink.server.config.ConfigLoader;
import io.peerlink.server.config.ServerConfig;
import io.peerlink.server.identity.StartRefusedException;
import io.peerlink.server.raft.DamagedDataException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * The process {@code bin/peerlink-server}: {@code -c FILE}, with {@code --join} to be added to an existing cluster, or
 * {@code dev} for one router without a file, or {@code restore} to begin with a backup.
 */
public final class RouterMain {
    private static final int EXIT_FAILED = 1;
    private static final int EXIT_USAGE = 2;
    private static final int EXIT_CONFLICT = 4;
    private static final int EXIT_DAMAGED = 74;

    private static final String JOIN = "--join";

    private RouterMain() {}

    public static void main(String[] args) throws InterruptedException {
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        if (args.length > 0 && args[0].equals("restore")) {
            System.exit(RestoreMain.run(List.of(args).subList(1, args.length)));
        }
        if (args.length > 0 && args[0].equals("doctor")) {
            System.exit(DoctorMain.run(List.of(args).subList(1, args.length)));
        }
        if (args.length > 0 && args[0].equals("config")) {
            System.exit(ConfigMain.run(List.of(args).subList(1, args.length), System.getenv()));
        }
        ServerConfig config = configuration(args).orElse(null);
        if (config == null) {
            System.exit(EXIT_USAGE);
        } else {
            run(config, List.of(args).contains(JOIN));
        }
    }

    private static void run(ServerConfig config, boolean join) throws InterruptedException {
        CountDownLatch stopped = new CountDownLatch(1);
        try {
            PeerLinkServer server = PeerLinkServer.start(config, join);
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(
                            () -> {
                                server.close();
                                stopped.countDown();
                            },
                            "shutdown"));
            System.out.println("router " + config.routerId() + " takes clients on "
                    + config.self().client() + "; try: bin/peerlink --servers "
                    + config.self().client()
                    + config.tls()
                            .map(tls -> " --ca " + tls.clients().authority())
                            .orElse("")
                    + " shell --id alice");
            System.out.flush();
        } catch (StartRefusedException e) {
            System.err.println("error: START_REFUSED " + e.getMessage());
            System.err.println("hint: " + e.hint());
            Runtime.getRuntime().halt(EXIT_CONFLICT);
        } catch (DamagedDataException e) {
            System.err.println("error: DAMAGED " + e.getMessage());
            System.err.println("hint: " + DamagedDataException.WAY_BACK);
            Runtime.getRuntime().halt(EXIT_DAMAGED);
        } catch (IOException | RuntimeException e) {
            System.err.println("error: the router cannot start: " + e.getMessage());
            // Ratis leaves threads behind when its start fails.
            Runtime.getRuntime().halt(EXIT_FAILED);
        }
        stopped.await();
    }

    private static Optional<ServerConfig> configuration(String[] args) {
        try {
            boolean join = args.length == 3 && args[2].equals(JOIN);
            if ((args.length == 2 || join) && args[0].equals("-c")) {
                return Optional.of(ConfigLoader.load(Optional.of(Path.of(args[1])), System.getenv()));
            }
            if (args.length == 1 && args[0].equals("dev")) {
                Map<String, String> environment = new HashMap<>(System.getenv());
                environment.putIfAbsent("PEERLINK_DATA_DIR", "data/dev");
                return Optional.of(ConfigLoader.load(Optional.empty(), environment));
            }
            System.err.println(
                    "error: usage: peerlink-server -c FILE [--join] | dev | restore DIR -c FILE [--other-cluster]"
                            + " | doctor -c FILE | config check FILE | config show [-c FILE] [--origin]");
        } catch (ConfigException e) {
            tell(e);
        }
        return Optional.empty();
    }

    /** Every problem on a line of its own. */
    static void tell(ConfigException refusal) {
        refusal.problems().forEach(problem -> System.err.println("error: CONFIG " + problem));
        System.err.println("hint: conf/peerlink.conf documents every key");
    }
}
