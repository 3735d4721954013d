package io.peerlink.server.edge;

import io.peerlink.server.config.ServerConfig;
import io.peerlink.server.dispatch.Dispatcher;
import io.peerlink.server.submit.CommandBatcher;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.random.RandomGenerator;

/**
 * What every stream needs of the router.
 *
 * @param observer hears what sessions ask for and get
 * @param work for what must not run on an event loop: signatures
 * @param queries for peers' queries, which may be many and long: nobody who attaches waits for them
 * @param timer for time-outs; its tasks only signal
 * @param random makes the nonces, so it must be unpredictable; any thread
 */
public record EdgeContext(
        ServerConfig config,
        CommandBatcher batcher,
        Dispatcher dispatcher,
        Leadership leadership,
        SessionRegistry sessions,
        ClientLimits limits,
        FreeSpace freeSpace,
        EdgeObserver observer,
        Executor work,
        Executor queries,
        ScheduledExecutorService timer,
        RandomGenerator random) {}
