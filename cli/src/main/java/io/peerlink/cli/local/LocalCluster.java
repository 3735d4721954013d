package io.peerlink.cli.local;

import io.peerlink.cli.CliException;
import io.peerlink.cli.ExitCode;
import io.peerlink.client.PeerLinkException;
import io.peerlink.client.RouterTrust;
import io.peerlink.client.admin.ClusterClient;
import io.peerlink.client.admin.RouterInfo;
import io.peerlink.client.identity.Identity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Routers of one cluster as child processes on free loopback ports, in a directory of their own. For the demo, and for tests
 * that start what users start. Not thread-safe.
 */
public final class LocalCluster implements AutoCloseable {
    /** For clients, for routers and for HTTP. */
    private static final int PORTS = 3;

    private static final Duration CALL_LIMIT = Duration.ofSeconds(2);
    /** A digest reads the whole state. */
    private static final Duration DIGEST_LIMIT = Duration.ofSeconds(20);

    private final Path home;
    private final Path directory;
    private final String extraConfig;
    /** The lines of every router's list of routers. */
    private final StringBuilder addresses = new StringBuilder();

    private final List<LocalRouter> routers = new ArrayList<>();
    private RouterTrust trust = RouterTrust.plainText();
    private Optional<Identity> operator = Optional.empty();

    private LocalCluster(Path home, Path directory, String extraConfig) {
        this.home = home;
        this.directory = directory;
        this.extraConfig = extraConfig;
    }

    /**
     * Writes the configuration of a cluster; starts nothing.
     *
     * @param home the distribution: holds {@code bin/peerlink-server}
     * @param directory for configuration, data and logs; created if missing
     * @param extraConfig HOCON lines for each router, under {@code peerlink}
     */
    public static LocalCluster prepare(Path home, Path directory, int size, String extraConfig) {
        return prepare(home, directory, RouterPlace.loopback(size), extraConfig);
    }

    /** As {@link #prepare(Path, Path, int, String)}, with one router at each place. */
    public static LocalCluster prepare(Path home, Path directory, List<RouterPlace> places, String extraConfig) {
        LocalCluster cluster = new LocalCluster(home, directory, extraConfig);
        cluster.prepareRouters(
                IntStream.rangeClosed(1, places.size())
                        .mapToObj(number -> "n" + number)
                        .toList(),
                places);
        return cluster;
    }

    /**
     * Writes the configuration of one more router, whose list names the others and itself; starts nothing. The others need
     * not know of it.
     */
    public LocalRouter prepareRouter(String id) {
        return prepareRouter(id, RouterPlace.LOOPBACK);
    }

    /** As {@link #prepareRouter(String)}, at a place. */
    public LocalRouter prepareRouter(String id, RouterPlace place) {
        prepareRouters(List.of(id), List.of(place));
        return router(id);
    }

    /** As {@link #prepareRouter}, in the place of a router that is gone: the same addresses, its own data directory. */
    public LocalRouter prepareSuccessor(LocalRouter gone, String id) {
        String before = "id = \"" + gone.id() + "\"";
        int at = addresses.indexOf(before);
        addresses.replace(at, at + before.length(), "id = \"" + id + "\"");
        try {
            return prepare(id, gone.addresses(), gone.place());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot prepare " + id + " in " + directory, e);
        }
    }

    /** Asks the routers so from now on: their configuration must fit. */
    public LocalCluster trusting(RouterTrust routersTrust) {
        trust = routersTrust;
        return this;
    }

    /** Asks in this operator's name what only operators may ask: the routers' configuration must list it. */
    public LocalCluster operatedBy(Identity who) {
        operator = Optional.of(who);
        return this;
    }

    private void prepareRouters(List<String> ids, List<RouterPlace> places) {
        try {
            Files.createDirectories(directory);
            List<Integer> ports = freePorts(PORTS * ids.size());
            List<LocalRouter.Addresses> listening = new ArrayList<>();
            for (int i = 0; i < ids.size(); i++) {
                String host = places.get(i).host();
                LocalRouter.Addresses here = new LocalRouter.Addresses(
                        host + ":" + ports.get(PORTS * i),
                        host + ":" + ports.get(PORTS * i + 1),
                        host + ":" + ports.get(PORTS * i + 2));
                addresses.append(String.format(
                        "    { id = \"%s\", client = \"%s\", raft = \"%s\" }%n",
                        ids.get(i), here.client(), here.raft()));
                listening.add(here);
            }
            for (int i = 0; i < ids.size(); i++) {
                prepare(ids.get(i), listening.get(i), places.get(i));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot prepare routers in " + directory, e);
        }
    }

    /** Made for trying out and measuring. */
    private static final String UNLIMITED =
            "  limits { sends-per-second = 0, deliveries-per-second = 0, registrations-per-second = 0,"
                    + " sessions-per-second = 0, inbox-messages = 0, inbox-bytes = 0 }\n";

    private LocalRouter prepare(String id, LocalRouter.Addresses listening, RouterPlace place) throws IOException {
        LocalRouter router = new LocalRouter(id, listening, directory, home.resolve("bin/peerlink-server"), place);
        int httpPort =
                Integer.parseInt(listening.http().substring(listening.http().lastIndexOf(':') + 1));
        String config = "peerlink {\n  router-id = \"" + id + "\"\n  data-dir = \"" + router.data()
                + "\"\n  http { bind = \"" + place.host() + "\", port = " + httpPort + " }\n  routers = [\n" + addresses
                + "  ]\n" + UNLIMITED + extraConfig + "\n}\n";
        Files.writeString(router.config(), config);
        routers.add(router);
        return router;
    }

    /** Counts a router out, for example one that was removed from the cluster; its files stay. */
    public void forget(LocalRouter router) {
        router.kill();
        routers.remove(router);
    }

    /** The distribution that this process runs from; the start scripts tell. */
    public static Path home() {
        String home = System.getenv("PEERLINK_HOME");
        if (home == null) {
            throw new CliException(
                    ExitCode.FAILED, "NO_HOME", "PEERLINK_HOME is not set", "start this with bin/peerlink");
        }
        return Path.of(home);
    }

    /** Ports that are free now; held together until all are found, so that they differ. */
    private static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return sockets.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : sockets) {
                socket.close();
            }
        }
    }

    /** Starts every router that does not run. */
    public void start() {
        routers.forEach(LocalRouter::start);
    }

    public List<LocalRouter> routers() {
        return List.copyOf(routers);
    }

    /** The router with this id. */
    public LocalRouter router(String id) {
        return routers.stream()
                .filter(router -> router.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no router " + id));
    }

    /** Client addresses of all routers. */
    public List<String> servers() {
        return routers.stream().map(LocalRouter::clientAddress).toList();
    }

    public Path directory() {
        return directory;
    }

    /** The router that takes sessions now, if there is one. */
    public Optional<LocalRouter> leader() {
        try (ClusterClient cluster = new ClusterClient(CALL_LIMIT, trust)) {
            return routers.stream()
                    .filter(LocalRouter::isRunning)
                    .filter(router -> leads(cluster, router))
                    .findFirst();
        }
    }

    private static boolean leads(ClusterClient cluster, LocalRouter router) {
        try {
            return cluster.router(router.clientAddress()).ready();
        } catch (PeerLinkException e) {
            return false;
        }
    }

    /** What a router says of itself, if it answers. */
    public Optional<RouterInfo> info(LocalRouter router, boolean withDigest) {
        try (ClusterClient cluster = new ClusterClient(withDigest ? DIGEST_LIMIT : CALL_LIMIT, trust, operator)) {
            return Optional.of(
                    withDigest
                            ? cluster.routerWithDigest(router.clientAddress())
                            : cluster.router(router.clientAddress()));
        } catch (PeerLinkException e) {
            return Optional.empty();
        }
    }

    /**
     * What all running routers say of themselves, with digests; who does not answer is left out. They are asked at the same
     * time, as the leader's tick adds an entry each second.
     */
    public List<RouterInfo> digests() {
        ExecutorService asking = Executors.newCachedThreadPool();
        try {
            List<CompletableFuture<Optional<RouterInfo>>> asked = routers.stream()
                    .filter(LocalRouter::isRunning)
                    .map(router -> CompletableFuture.supplyAsync(() -> info(router, true), asking))
                    .toList();
            return asked.stream()
                    .map(CompletableFuture::join)
                    .flatMap(Optional::stream)
                    .toList();
        } finally {
            asking.shutdown();
        }
    }

    /**
     * Waits until a router takes sessions.
     *
     * @throws CliException if none does within the limit, or all have ended
     */
    public LocalRouter awaitLeader(Duration limit) {
        AtomicReference<@Nullable LocalRouter> leader = new AtomicReference<>();
        try {
            boolean unused = Waiting.atMost(limit, () -> {
                leader.set(leader().orElse(null));
                return leader.get() != null || routers.stream().noneMatch(LocalRouter::isRunning);
            });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        LocalRouter found = leader.get();
        if (found == null) {
            throw new CliException(
                    ExitCode.UNAVAILABLE, "UNAVAILABLE", "no leader came up", "see the logs in " + directory);
        }
        return found;
    }

    /** Stops all routers at once, orderly. */
    public void stop() {
        List<Thread> stopping = routers.stream()
                .map(router -> new Thread(router::stop, "stop-" + router.id()))
                .toList();
        stopping.forEach(Thread::start);
        for (Thread thread : stopping) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                routers.forEach(LocalRouter::kill);
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Ends all routers without ceremony. */
    @Override
    public void close() {
        routers.forEach(LocalRouter::kill);
    }

    /** Deletes the directory with all data; only after {@link #close}. */
    public void delete() {
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + directory, e);
        }
    }
}
