package io.peerlink.integration.torture.ground;

import io.peerlink.cli.local.RouterPlace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the routers and clients of a run stand on. Plain processes on loopback in the run's directory, unless a fault of the run
 * needs more and this machine can give it. What cannot be made is an obstacle for the faults that need it, not for the run.
 */
public final class Ground implements AutoCloseable {
    /** Where a router listens without a network of its own, or behind a proxy in any case. */
    public static final String BOUND_HOST = RouterPlace.LOOPBACK.host();
    /** Where the proxy of a router listens without a network. */
    private static final String KNOWN_HOST = "127.0.0.2";
    /** The environment variable for {@code bind-host}. */
    private static final String BIND_HOST = "PEERLINK_BIND_HOST";

    private final Map<Need, String> missing = new EnumMap<>(Need.class);
    private final int routers;
    private final Path runDirectory;
    /** Routers listen where only their proxies look for them. */
    private boolean proxied;

    private @Nullable Clocks clocks;
    private @Nullable Network network;
    private @Nullable Disk disk;
    private @Nullable Disk small;

    /** What a fault may need. */
    public enum Need {
        /** Routers and clients in network namespaces. */
        NETWORK,
        /** All routers' data on a file system of its own. */
        DISK,
        /** A proxy where each router is known, for clients and for the other routers. */
        PROXY,
        /** Routers whose wall clocks can be set. */
        CLOCKS
    }

    private Ground(int routers, Path runDirectory) {
        this.routers = routers;
        this.runDirectory = runDirectory;
    }

    /** Makes what is needed and possible. */
    public static Ground lay(Set<Need> needs, int routers, Path runDirectory) {
        Ground ground = new Ground(routers, runDirectory);
        for (Need need : needs) {
            try {
                ground.make(need);
            } catch (IllegalStateException e) {
                ground.missing.put(need, String.valueOf(e.getMessage()));
            }
        }
        return ground;
    }

    private void make(Need need) {
        Optional<String> obstacle = switch (need) {
            case NETWORK -> Network.obstacle();
            case DISK -> Disk.obstacle();
            case PROXY -> loopbackObstacle();
            case CLOCKS -> Optional.empty();
        };
        if (obstacle.isPresent()) {
            missing.put(need, obstacle.get());
            return;
        }
        switch (need) {
            case NETWORK -> network = Network.make(routers);
            case DISK -> disk = Disk.image(runDirectory.resolve("disk.img"));
            case PROXY -> proxied = true;
            case CLOCKS -> clocks = new Clocks(runDirectory);
        }
    }

    /** Proxies listen on one address of loopback, routers on another, at the same ports. */
    private static Optional<String> loopbackObstacle() {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getByName(KNOWN_HOST))) {
            return probe.isBound() ? Optional.empty() : Optional.of(KNOWN_HOST + " takes no listener");
        } catch (IOException e) {
            return Optional.of("there is no " + KNOWN_HOST + ": " + e.getMessage());
        }
    }

    /** Why it is not there, or empty. */
    public Optional<String> obstacle(Need need) {
        boolean there = switch (need) {
            case NETWORK -> network != null;
            case DISK -> disk != null;
            case PROXY -> proxied;
            case CLOCKS -> clocks != null;
        };
        return there ? Optional.empty() : Optional.of(missing.getOrDefault(need, "not asked for"));
    }

    /** The network; only without an obstacle. */
    public Network network() {
        if (network == null) {
            throw new IllegalStateException("no network was made");
        }
        return network;
    }

    /** The disk that all routers' data lie on; only without an obstacle. */
    public Disk disk() {
        if (disk == null) {
            throw new IllegalStateException("no disk was made");
        }
        return disk;
    }

    /** A small disk in memory; the one before it must be closed. */
    public Disk smallDisk(long bytes) {
        Disk made = Disk.small(bytes);
        small = made;
        return made;
    }

    /** Where a router runs, counted from 0. Behind a proxy it is known at that place, and listens elsewhere. */
    public RouterPlace place(int number, Map<String, String> environment) {
        Map<String, String> whole = new HashMap<>(environment);
        if (proxied) {
            whole.put(BIND_HOST, BOUND_HOST);
        }
        if (clocks != null) {
            whole.putAll(clocks.environment(number));
        }
        return place(number, proxied ? KNOWN_HOST : BOUND_HOST, whole);
    }

    private RouterPlace place(int number, String loopbackHost, Map<String, String> environment) {
        return network == null
                ? new RouterPlace(loopbackHost, List.of(), environment)
                : new RouterPlace(network.routerHost(number), network.enterRouter(number), environment);
    }

    /** Where one more router can run, like one that runs, but without a proxy; one at a time. */
    public RouterPlace sparePlace(RouterPlace like) {
        Map<String, String> environment = new HashMap<>(like.environment());
        environment.remove(BIND_HOST);
        return place(routers, BOUND_HOST, environment);
    }

    /** Byteman rules that all routers need. */
    public List<Path> routerRules() {
        return clocks == null ? List.of() : List.of(Clocks.script());
    }

    /** Words before a client's command. */
    public List<String> clientPrefix() {
        return network == null ? List.of() : network.enterClients();
    }

    /** Where configuration, data and logs of the routers lie. */
    public Path clusterDirectory() {
        return disk == null ? runDirectory.resolve("cluster") : disk.directory().resolve("cluster");
    }

    /** Removes everything; when no process of the run is alive any more. What explains a failure is kept. */
    @Override
    public void close() {
        if (small != null) {
            small.close();
            small = null;
        }
        if (network != null) {
            network.close();
            network = null;
        }
        if (disk != null) {
            try {
                Papers.copy(clusterDirectory(), runDirectory.resolve("cluster"));
            } finally {
                disk.close();
                disk = null;
            }
        }
    }
}
