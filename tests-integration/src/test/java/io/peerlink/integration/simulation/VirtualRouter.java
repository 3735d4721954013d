package io.peerlink.integration.simulation;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.peerlink.server.LeaderDuties;
import io.peerlink.server.config.ServerConfig;
import io.peerlink.server.dispatch.Dispatcher;
import io.peerlink.server.dispatch.Ticker;
import io.peerlink.server.edge.ClientLimits;
import io.peerlink.server.edge.EdgeContext;
import io.peerlink.server.edge.FreeSpace;
import io.peerlink.server.edge.Leadership;
import io.peerlink.server.edge.PeerServices;
import io.peerlink.server.edge.SessionRegistry;
import io.peerlink.server.metrics.EdgeMeters;
import io.peerlink.server.submit.CommandBatcher;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Puts a router's real parts together, as {@code PeerLinkServer} does, over the model of everything else. */
final class VirtualRouter {
    private static final long CHECK_MS = 500;

    private final Network network;
    private final Replica replica;
    private final SessionRegistry sessions;
    private final List<AutoCloseable> parts;

    /**
     * Starts it in the replica's process.
     *
     * @param clockAheadMs how wrong its clock is
     */
    VirtualRouter(ServerConfig config, Replica replica, Network network, long clockAheadMs) {
        this.network = network;
        this.replica = replica;
        VirtualProcess process = replica.process();
        Scheduler scheduler = process.scheduler();
        ScheduledExecutorService timer = process.thread("timer");
        CommandBatcher batcher = new CommandBatcher(
                replica, config.raft(), scheduler.wallClock(clockAheadMs), process.thread("replies"));
        process.loop(batcher::appendNext);
        Dispatcher dispatcher = new Dispatcher(replica, process.pool("pump"));
        Ticker ticker = new Ticker(batcher, config, process.thread("tick"));
        Leadership leadership = new Leadership(replica::otherLeaderAddress, scheduler::nanoTime);
        sessions = new SessionRegistry(config.limits(), scheduler.random());
        EdgeContext context = new EdgeContext(
                config,
                batcher,
                dispatcher,
                leadership,
                sessions,
                ClientLimits.of(config, replica),
                new FreeSpace(Path.of("."), 0),
                new EdgeMeters(new SimpleMeterRegistry()),
                process.pool("work"),
                process.pool("query"),
                timer,
                new FewNonces(scheduler.random()));
        parts = List.of(ticker, dispatcher, batcher);
        LeaderDuties duties = new LeaderDuties(process.thread("duties"));
        duties.assume(new LeaderDuties.Duties(
                leadership, dispatcher, compared -> {}, List.of(ticker::setLeading), sessions, replica::servingTerm));
        replica.listen(duties);
        timer.scheduleWithFixedDelay(duties::check, CHECK_MS, CHECK_MS, TimeUnit.MILLISECONDS);
        network.listen(replica.address(), process, PeerServices.of(context, replica));
    }

    /** Stops as {@code PeerLinkServer} does, after it handed over: nobody comes in, who is in is sent on, the parts close. */
    void stop() {
        sessions.goAway("the router stops", replica.otherLeaderAddress());
        network.refuse(replica.address());
        try {
            for (AutoCloseable part : parts) {
                part.close();
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
