package io.peerlink.integration.torture.nemesis;

import io.peerlink.cli.local.LocalCluster;
import io.peerlink.cli.local.LocalRouter;
import io.peerlink.integration.torture.ground.Ground;
import io.peerlink.integration.torture.ground.Ground.Need;
import io.peerlink.integration.torture.proxy.ProxyMain;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The proxies of a run, one where each router is known; none if the run needs none. A router added later has none. */
public final class Proxies implements AutoCloseable {
    private final List<ToldProcess> processes = new ArrayList<>();

    /** Who talks over the connections. */
    enum Line {
        /** Clients to routers. */
        CLIENT,
        /** Routers to routers. */
        RAFT;

        private String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** Prepares them; starts nothing. */
    public Proxies(Ground ground, LocalCluster cluster, Path log, long seed) {
        if (ground.obstacle(Need.PROXY).isPresent()) {
            return;
        }
        for (LocalRouter router : cluster.routers()) {
            int number = processes.size();
            List<String> words = List.of(
                    "-Xmx100m",
                    ProxyMain.class.getName(),
                    String.valueOf(seed + number),
                    relay(Line.CLIENT, router.clientAddress()),
                    relay(Line.RAFT, router.raftAddress()));
            processes.add(new ToldProcess("proxy", number, router.place().prefix(), words, log));
        }
    }

    private static String relay(Line line, String known) {
        return line.word() + "=" + known + "=" + Ground.BOUND_HOST + known.substring(known.lastIndexOf(':'));
    }

    /** Starts all; routers cannot be reached before. */
    public void start() {
        processes.forEach(ToldProcess::start);
        processes.forEach(ToldProcess::awaitReady);
    }

    /** Gives all relays of a line the same order and returns the sum of their answers. */
    long order(Line line, String word, long value) {
        return processes.stream()
                .mapToLong(process -> process.tell(line.word() + "." + word, value))
                .sum();
    }

    @Override
    public void close() {
        processes.forEach(ToldProcess::kill);
    }
}
