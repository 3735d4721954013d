package io.peerlink.integration.crowd;

import io.grpc.Attributes;
import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.TlsChannelCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How peers without the library reach a router.
 *
 * @param address host:port
 * @param authority whose certificates it shows; empty: no TLS
 */
record Route(String address, Optional<Path> authority) {
    /** Routers count by address: who is a burden must not use up what belongs to honest peers on this machine. Linux has all of 127/8. */
    private static final String ELSEWHERE = "127.0.0.2";

    /** One connection, on first use. Its callbacks run on the network thread. */
    NettyChannelBuilder channel() {
        return NettyChannelBuilder.forTarget(address, credentials()).directExecutor();
    }

    /** As {@link #channel}, from another address of this machine. */
    NettyChannelBuilder channelFromElsewhere() {
        return channel().localSocketPicker(new NettyChannelBuilder.LocalSocketPicker() {
            @Override
            public @Nullable SocketAddress createSocketAddress(SocketAddress remote, Attributes attributes) {
                return new InetSocketAddress(ELSEWHERE, 0);
            }
        });
    }

    private ChannelCredentials credentials() {
        if (authority.isEmpty()) {
            return InsecureChannelCredentials.create();
        }
        try {
            return TlsChannelCredentials.newBuilder()
                    .trustManager(authority.get().toFile())
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + authority.get(), e);
        }
    }
}
