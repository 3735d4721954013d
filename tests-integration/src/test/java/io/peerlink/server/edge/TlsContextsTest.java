package io.peerlink.server.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.peerlink.cli.tls.ClusterCertificates;
import io.peerlink.server.config.ConfigLoader;
import io.peerlink.server.tls.RouterTls;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A port as the edge's: handlers run on the event loops, handshakes do not. */
final class TlsContextsTest {
    @TempDir
    private Path directory;

    @Test
    void theCostlyStepsOfAHandshakeLeaveTheEventLoop() throws Exception {
        Path host = ClusterCertificates.create(directory.resolve("tls"))
                .issue(List.of("127.0.0.1"), Duration.ofDays(1), false);
        Path file = Files.writeString(
                directory.resolve("node.conf"), "peerlink {\n" + ClusterCertificates.configuration(host) + "}\n");
        RouterTls tls =
                RouterTls.of(ConfigLoader.load(Optional.of(file), Map.of())).orElseThrow();
        AtomicInteger steps = new AtomicInteger();
        Executor handshakes = step -> {
            steps.incrementAndGet();
            new Thread(step, "handshake").start();
        };
        ServerCredentials credentials = TlsContexts.forClients(tls, handshakes);
        Server server = NettyServerBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), credentials)
                .directExecutor()
                .build()
                .start();
        try (SSLSocket client = (SSLSocket) trusting(host.resolve("ca.pem"))
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), server.getPort())) {
            client.startHandshake();
            assertThat(client.getSession().getProtocol()).isEqualTo("TLSv1.3");
            assertThat(steps).hasPositiveValue();
        } finally {
            server.shutdownNow();
        }
    }

    private static SSLContext trusting(Path authority) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (var in = Files.newInputStream(authority)) {
            store.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
