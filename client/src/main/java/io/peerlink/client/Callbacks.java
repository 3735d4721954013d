package io.peerlink.client;

import io.peerlink.client.callback.SerialLane;
import io.peerlink.client.session.SessionListener;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the program's code runs: three lanes, so that a handler may wait for a send, and a listener for either. Within a lane
 * everything is in order. Thread-safe.
 */
final class Callbacks implements SessionListener {
    private static final Logger LOGGER = LoggerFactory.getLogger(PeerLinkClient.class);

    /** Of all clients of the JVM. Without a bound, so that a lane never waits for another's handler; idle threads end. */
    private static final Executor SHARED =
            new ThreadPoolExecutor(0, Integer.MAX_VALUE, 5, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                Thread thread = new Thread(task, "peerlink-callback");
                thread.setDaemon(true);
                return thread;
            });

    private final SerialLane completions;
    private final SerialLane deliveries;
    private final SerialLane notices;
    private final ConnectionListener connections;
    private final ErrorListener errors;

    Callbacks(
            @Nullable Executor executor,
            @Nullable ConnectionListener connectionListener,
            @Nullable ErrorListener errorListener) {
        Executor used = executor != null ? executor : SHARED;
        completions = new SerialLane(used);
        deliveries = new SerialLane(used);
        notices = new SerialLane(used);
        connections = connectionListener != null ? connectionListener : event -> LOGGER.debug("{}", event);
        errors = errorListener != null ? errorListener : new LoggedErrors();
    }

    SerialLane completions() {
        return completions;
    }

    SerialLane deliveries() {
        return deliveries;
    }

    SerialLane notices() {
        return notices;
    }

    ErrorListener errors() {
        return errors;
    }

    @Override
    public void onEvent(ConnectionEvent event) {
        notices.execute(() -> connections.onEvent(event));
    }

    @Override
    public void onError(PeerLinkException error) {
        notices.execute(() -> errors.failed(error));
    }

    private static final class LoggedErrors implements ErrorListener {
        @Override
        public void handlerFailed(IncomingMessage message, Throwable error) {
            LOGGER.warn("the handler threw on {}; it will get it again", message.id(), error);
        }

        @Override
        public void failed(PeerLinkException error) {
            LOGGER.warn("{}", error.getMessage(), error);
        }
    }
}
