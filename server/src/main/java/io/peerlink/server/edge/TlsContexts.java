package io.peerlink.server.edge;

import io.grpc.ServerCredentials;
import io.grpc.internal.FixedObjectPool;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.InternalNettyServerCredentials;
import io.grpc.netty.shaded.io.grpc.netty.InternalProtocolNegotiator.ServerFactory;
import io.grpc.netty.shaded.io.grpc.netty.NettySslContextServerCredentials;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import io.peerlink.server.tls.RouterTls;
import java.util.List;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLException;

/**
 * A router's credentials in gRPC's terms. By the JDK's TLS: it tells for every connection, resumed ones too, which
 * certificate was shown there, and is the same on all platforms.
 */
final class TlsContexts {
    private TlsContexts() {}

    /**
     * For the port that clients connect to. gRPC gives the costly steps of a handshake to the executor of its calls, which is the event
     * loop itself where handlers run directly: so there is another one.
     *
     * @param handshakes for those steps, about a millisecond each; a connection whose step it refuses is closed
     */
    static ServerCredentials forClients(RouterTls tls, Executor handshakes) {
        SslContext context = build(SslContextBuilder.forServer(tls.clients().identity()), tls.clientProtocols());
        ServerFactory negotiators =
                InternalNettyServerCredentials.toNegotiator(NettySslContextServerCredentials.create(context));
        return InternalNettyServerCredentials.create(
                (ServerFactory) ofCalls -> negotiators.newNegotiator(new FixedObjectPool<>(handshakes)));
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
