package io.peerlink.integration.simulation;

import io.peerlink.server.LeaderDuties;
import io.peerlink.server.config.ServerConfig;
import io.peerlink.server.dispatch.Dispatcher;
import io.peerlink.server.dispatch.Ticker;
import io.peerlink.server.edge.EdgeContext;
import io.peerlink.server.edge.FreeSpace;
import io.peerlink.server.edge.Leadership;
import io.peerlink.server.edge.PeerServices;
import io.peerlink.server.edge.SessionRegistry;
import io.peerlink.server.submit.CommandBatcher;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Puts a router's real parts together, as {@code PeerLinkServer} does, over the model of everything else. */
final class VirtualRouter {
    private static final long CHECK_MS = 500;

    private VirtualRouter() {}

    /**
     * Starts it in the replica's process.
     *
     * @param clockAheadMs how wrong its clock is
     */
    static void start(ServerConfig config, Replica replica, Network network, long clockAheadMs) {
        VirtualProcess process = replica.process();
        Scheduler scheduler = process.scheduler();
        ScheduledExecutorService timer = process.thread("timer");
        CommandBatcher batcher = new CommandBatcher(
                replica, config.raft(), scheduler.wallClock(clockAheadMs), process.thread("replies"));
        process.loop(batcher::appendNext);
        Dispatcher dispatcher = new Dispatcher(replica, process.pool("pump"));
        Ticker ticker = new Ticker(batcher, config, process.thread("tick"));
        Leadership leadership = new Leadership(replica::otherLeaderAddress);
        SessionRegistry sessions = new SessionRegistry(config.limits().sessions(), scheduler.random());
        EdgeContext context = new EdgeContext(
                config,
                batcher,
                dispatcher,
                leadership,
                sessions,
                new FreeSpace(Path.of("."), 0),
                process.pool("work"),
                timer,
                new FewNonces(scheduler.random()));
        LeaderDuties duties = new LeaderDuties(process.thread("duties"));
        duties.assume(new LeaderDuties.Duties(
                leadership, dispatcher, compared -> {}, List.of(ticker::setLeading), sessions, replica::servingTerm));
        replica.listen(duties);
        timer.scheduleWithFixedDelay(duties::check, CHECK_MS, CHECK_MS, TimeUnit.MILLISECONDS);
        network.listen(replica.address(), process, PeerServices.of(context, replica));
    }
}
