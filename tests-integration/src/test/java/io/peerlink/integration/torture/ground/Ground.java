package io.peerlink.integration.torture.ground;

import io.peerlink.cli.local.RouterPlace;
import java.nio.file.Path;
import java.util.EnumMap;
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
    private final Map<Need, String> missing = new EnumMap<>(Need.class);
    private final int routers;
    private final Path runDirectory;
    private @Nullable Network network;
    private @Nullable Disk disk;
    private @Nullable Disk small;

    /** What a fault may need. */
    public enum Need {
        /** Routers and clients in network namespaces. */
        NETWORK,
        /** All routers' data on a file system of its own. */
        DISK
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
        Optional<String> obstacle = need == Need.NETWORK ? Network.obstacle() : Disk.obstacle();
        if (obstacle.isPresent()) {
            missing.put(need, obstacle.get());
        } else if (need == Need.NETWORK) {
            network = Network.make(routers);
        } else {
            disk = Disk.image(runDirectory.resolve("disk.img"));
        }
    }

    /** Why it is not there, or empty. */
    public Optional<String> obstacle(Need need) {
        boolean there = need == Need.NETWORK ? network != null : disk != null;
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

    /** Where a router runs, counted from 0. */
    public RouterPlace place(int number, Map<String, String> environment) {
        return network == null
                ? new RouterPlace(RouterPlace.LOOPBACK.host(), List.of(), environment)
                : new RouterPlace(network.routerHost(number), network.enterRouter(number), environment);
    }

    /** Where one more router can run; one at a time. */
    public RouterPlace sparePlace(Map<String, String> environment) {
        return place(routers, environment);
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
