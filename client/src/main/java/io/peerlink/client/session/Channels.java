package io.peerlink.client.session;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import io.peerlink.client.RouterTrust;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLException;

/** How channels to routers are made. Thread-safe. */
public final class Channels {
    private static final int FLOW_CONTROL_WINDOW_BYTES = 1 << 20;
    private static final int INBOUND_BYTES_MAX = 8 << 20;
    /** gRPC's least, and more than the least that routers permit. */
    private static final long SILENCE_SECONDS = 10;

    /** For an address; empty: plain text. */
    private final Function<String, Optional<SslContext>> ssl;

    /** Channels to routers that are trusted so. */
    public Channels(RouterTrust trust) {
        this.ssl = contexts(trust);
    }

    private static Function<String, Optional<SslContext>> contexts(RouterTrust trust) {
        if (trust instanceof RouterTrust.Authorities authorities) {
            Optional<SslContext> same = Optional.of(context(tls -> tls.trustManager(authorities.certificates())));
            return address -> same;
        }
        if (trust instanceof RouterTrust.FirstSight first) {
            return address -> Optional.of(context(tls -> tls.trustManager(new SeenBefore(first.known(), address))));
        }
        return address -> Optional.empty();
    }

    /** The JDK's TLS, as at the routers. */
    private static SslContext context(UnaryOperator<SslContextBuilder> trusting) {
        try {
            return trusting.apply(GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK))
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException("this Java cannot speak TLS", e);
        }
    }

    /** As {@link #open(String, EventLoop)}, on any loop. */
    public ManagedChannel open(String address) {
        return open(address, NetworkLoops.next());
    }

    /**
     * A new channel that connects on first use. Its callbacks run on {@code loop} and must not block: measured, this
     * costs a fifth of the CPU of gRPC's default executor.
     *
     * @param address host:port
     */
    ManagedChannel open(String address, EventLoop loop) {
        return builder(address)
                .eventLoopGroup(loop)
                .channelType(NetworkLoops.channelType())
                .build();
    }

    /**
     * A new channel on gRPC's own threads, for calls that may take long: a router that falls silent is noticed by pings, and the
     * call ends with UNAVAILABLE.
     */
    public ManagedChannel openWatched(String address) {
        return builder(address)
                .keepAliveTime(SILENCE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(SILENCE_SECONDS, TimeUnit.SECONDS)
                .build();
    }

    private NettyChannelBuilder builder(String address) {
        Endpoint endpoint = Endpoint.of(address);
        NettyChannelBuilder builder = NettyChannelBuilder.forAddress(endpoint.host(), endpoint.port())
                .directExecutor()
                .disableRetry()
                .flowControlWindow(FLOW_CONTROL_WINDOW_BYTES)
                .maxInboundMessageSize(INBOUND_BYTES_MAX);
        Optional<SslContext> tls = ssl.apply(address);
        return tls.isPresent()
                ? builder.sslContext(tls.get())
                : builder.usePlaintext().intercept(new WantsTls(endpoint.host(), endpoint.port()));
    }
}
