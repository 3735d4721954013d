package io.peerlink.server.edge;

import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import io.peerlink.server.tls.RouterTls;
import java.util.List;
import javax.net.ssl.SSLException;

/**
 * A router's credentials in gRPC's terms. By the JDK's TLS: it tells for every connection, resumed ones too, which
 * certificate was shown there, and is the same on all platforms.
 */
final class TlsContexts {
    private TlsContexts() {}

    /** For the port that clients connect to. */
    static SslContext forClients(RouterTls tls) {
        return build(SslContextBuilder.forServer(tls.clients().identity()), tls.clientProtocols());
    }

    /** For calls to other routers' client ports. */
    static SslContext forCalls(RouterTls tls) {
        return build(SslContextBuilder.forClient().trustManager(tls.clients().trust()), tls.routerProtocols());
    }

    private static SslContext build(SslContextBuilder builder, List<String> protocols) {
        try {
            return GrpcSslContexts.configure(builder, SslProvider.JDK)
                    .protocols(protocols)
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException("this Java cannot speak " + protocols, e);
        }
    }
}
