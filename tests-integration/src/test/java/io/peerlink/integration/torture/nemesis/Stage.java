package io.peerlink.integration.torture.nemesis;

import io.peerlink.cli.local.LocalCluster;
import io.peerlink.cli.local.LocalRouter;
import io.peerlink.integration.torture.ground.Ground;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * What faults act on.
 *
 * @param cluster the routers: processes, addresses, data directories
 * @param clients the client processes
 * @param ground what both stand on
 * @param proxies between clients and routers, and between routers
 */
public record Stage(LocalCluster cluster, ClientProcesses clients, Ground ground, Proxies proxies) {
    /** Until a cluster that is whole again must serve. */
    public static final Duration RECOVERY_LIMIT = Duration.ofSeconds(60);

    /** The router that serves; waits for one. */
    LocalRouter leader() {
        return cluster.awaitLeader(RECOVERY_LIMIT);
    }

    /** All routers but this one. */
    List<LocalRouter> others(LocalRouter router) {
        return cluster.routers().stream().filter(other -> !other.equals(router)).toList();
    }

    /** A router that does not lead; only where {@link #followerObstacle} finds none missing. */
    LocalRouter someFollower(Random random) {
        List<LocalRouter> followers = others(leader());
        return followers.get(random.nextInt(followers.size()));
    }

    /** Why there is no follower to be hit; empty if there is one. */
    Optional<String> followerObstacle() {
        return cluster.routers().size() == 1 ? Optional.of("a single router has no follower") : Optional.empty();
    }

    LocalRouter anyRouter(Random random) {
        return cluster.routers().get(random.nextInt(cluster.routers().size()));
    }

    /** No router may have ended but by a fault of ours: a router that stops by itself has found something it cannot bear. */
    public void checkAlive() {
        for (LocalRouter router : cluster.routers()) {
            if (!router.isRunning()) {
                throw new IllegalStateException("router " + router.id() + " ended by itself, see " + router.log());
            }
        }
    }

    /** Starts what does not run and waits until all routers know a leader and one serves. */
    public void makeWhole() {
        cluster.start();
        Waiting.until(
                "all routers follow a leader",
                RECOVERY_LIMIT,
                () -> cluster.leader().isPresent()
                        && cluster.routers().stream()
                                .allMatch(router -> cluster.info(router, false)
                                        .filter(info -> info.leader().isPresent())
                                        .isPresent()));
    }
}
