package io.peerlink.client.session;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.util.concurrent.TimeUnit;

/** How channels to routers are made. */
public final class Channels {
    private static final int FLOW_CONTROL_WINDOW_BYTES = 1 << 20;
    private static final int INBOUND_BYTES_MAX = 8 << 20;
    /** gRPC's least, and more than the least that routers permit. */
    private static final long SILENCE_SECONDS = 10;

    private Channels() {}

    /**
     * A new channel that connects on first use. Its callbacks run on the network thread and must not block: measured, this
     * costs a fifth of the CPU of gRPC's default executor.
     *
     * @param address host:port
     */
    public static ManagedChannel open(String address) {
        return builder(address).build();
    }

    /**
     * As {@link #open}, for calls that may take long: a router that falls silent is noticed by pings, and the call ends with
     * UNAVAILABLE.
     */
    public static ManagedChannel openWatched(String address) {
        return builder(address)
                .keepAliveTime(SILENCE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(SILENCE_SECONDS, TimeUnit.SECONDS)
                .build();
    }

    private static NettyChannelBuilder builder(String address) {
        int colon = address.lastIndexOf(':');
        String host = address.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        return NettyChannelBuilder.forAddress(host, Integer.parseInt(address.substring(colon + 1)))
                .usePlaintext()
                .directExecutor()
                .disableRetry()
                .flowControlWindow(FLOW_CONTROL_WINDOW_BYTES)
                .maxInboundMessageSize(INBOUND_BYTES_MAX);
    }
}
