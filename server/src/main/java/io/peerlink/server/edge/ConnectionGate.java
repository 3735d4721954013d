package io.peerlink.server.edge;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelFuture;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.DefaultChannelPromise;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.IoHandlerFactory;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.ServerChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollServerSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import io.grpc.netty.shaded.io.netty.util.concurrent.GlobalEventExecutor;
import io.peerlink.server.config.ServerConfig.Connections;
import java.net.SocketAddress;
import java.util.Optional;

/**
 * The event loops of the client port, which turn away connections beyond an address's limits before TLS or HTTP/2 spend anything on
 * them. gRPC has no hook for a new connection: its transport filters come after the handshake. Netty's acceptor hands each
 * connection to its event loop group, so the group is the place. Those that it lets in get a {@link FrameGuard}.
 */
final class ConnectionGate implements AutoCloseable {
    /** Less than elsewhere: nobody has reason to save them up, and each connection begins with them. */
    private static final int FRAMES_BURST_SECONDS = 2;

    /** Of requests that have not arrived: more than somebody has who happens to be slow among many newcomers. */
    private static final int UNUSUAL_BYTES = 256 * 1024;

    private final EventLoopGroup boss;
    private final EventLoopGroup worker;

    ConnectionGate(ConnectionCounts counts, Connections limits, EdgeObserver observer) {
        boss = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("edge-accept", true), loops());
        worker = new Worker(counts, limits, observer);
    }

    EventLoopGroup boss() {
        return boss;
    }

    EventLoopGroup worker() {
        return worker;
    }

    static Class<? extends ServerChannel> channelType() {
        return Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }

    private static IoHandlerFactory loops() {
        return Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    }

    @Override
    public void close() {
        boss.shutdownGracefully();
        worker.shutdownGracefully();
    }

    private static final class Worker extends MultiThreadIoEventLoopGroup {
        private final ConnectionCounts counts;
        private final int controlFramesPerSecond;
        private final HalfRequests halfRequests;
        private final EdgeObserver observer;

        private Worker(ConnectionCounts counts, Connections limits, EdgeObserver observer) {
            // Netty's own number of threads.
            super(0, new DefaultThreadFactory("edge", true), loops());
            this.counts = counts;
            this.controlFramesPerSecond = limits.controlFramesPerSecond();
            this.halfRequests = new HalfRequests(limits.halfRequestBytes());
            this.observer = observer;
        }

        @Override
        public ChannelFuture register(Channel channel) {
            SocketAddress remote = channel.remoteAddress();
            Optional<TurnedAway> refusal = remote == null ? Optional.empty() : counts.admit(remote);
            if (refusal.isEmpty()) {
                if (remote != null) {
                    channel.closeFuture().addListener(closed -> counts.closed(remote));
                }
                guardFrames(channel, Optional.ofNullable(remote));
                return super.register(channel);
            }
            observer.turnedAway(refusal.get());
            channel.unsafe().closeForcibly();
            // A failure would be a line in the log for each.
            return new DefaultChannelPromise(channel, GlobalEventExecutor.INSTANCE).setSuccess();
        }

        private void guardFrames(Channel channel, Optional<SocketAddress> remote) {
            Optional<Bucket> bucket = controlFramesPerSecond == 0
                    ? Optional.empty()
                    : Optional.of(
                            KeyedRates.bucket(controlFramesPerSecond, FRAMES_BURST_SECONDS, TimeMeter.SYSTEM_NANOTIME));
            HalfRequests.Connection half =
                    halfRequests.open(() -> remote.map(counts::isStranger).orElse(true), bytes -> {
                        observer.turnedAway(TurnedAway.HALF_REQUESTS);
                        if (bytes >= UNUSUAL_BYTES) {
                            remote.ifPresent(counts::misbehaved);
                        }
                        channel.eventLoop().execute(() -> close(channel));
                    });
            FrameGuard guard = new FrameGuard(bucket, half, () -> {
                observer.turnedAway(TurnedAway.CONTROL_FRAMES);
                remote.ifPresent(counts::misbehaved);
            });
            channel.pipeline().addFirst(new FrameGuard.Entry(guard));
            channel.closeFuture().addListener(closed -> half.close());
        }

        /** From the front, where nothing waits for the calls to end, and everything behind hears of it. */
        private static void close(Channel channel) {
            ChannelHandlerContext first = channel.pipeline().firstContext();
            // Its client may have closed it meanwhile.
            if (first != null) {
                first.close();
            }
        }
    }
}
