package io.peerlink.client.session;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.peerlink.client.RouterTrust;
import java.time.InstantSource;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * What a session gets from outside: time, its thread, the way to routers, chance. All of it in one place, so that a client can
 * run in other surroundings than a JVM's, for example in virtual time.
 *
 * @param nanoTime as {@link System#nanoTime}; any thread
 * @param wallClock the time of day; any thread
 * @param threads gives a session its one thread, by the name of its peer; other sessions may be on it too
 * @param channels makes a channel to a router, host:port, whose callbacks must not block
 * @param chance a number from 0 to 1, the next one each time; spreads out what clients would do all at once
 */
public record Platform(
        LongSupplier nanoTime,
        InstantSource wallClock,
        Function<String, ScheduledExecutorService> threads,
        Function<String, ManagedChannel> channels,
        DoubleSupplier chance) {
    /** For one session: the JVM's clocks, one of its {@link NetworkLoops}, TCP to routers that are trusted so. */
    public static Platform system(RouterTrust trust) {
        EventLoop loop = NetworkLoops.next();
        Channels channels = new Channels(trust);
        return new Platform(
                System::nanoTime,
                InstantSource.system(),
                peer -> loop,
                address -> channels.open(address, loop),
                () -> ThreadLocalRandom.current().nextDouble());
    }
}
