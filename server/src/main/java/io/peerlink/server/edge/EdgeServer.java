package io.peerlink.server.edge;

import io.grpc.BindableService;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.peerlink.protocol.v1.RouterGrpc;
import io.peerlink.server.config.ServerConfig.Connections;
import io.peerlink.server.config.ServerConfig.HostPort;
import io.peerlink.server.tls.RouterTls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The port that clients connect to. Handlers run on gRPC's event loops ({@code directExecutor}: a fifth of the CPU of the
 * default executor) and therefore never block.
 */
public final class EdgeServer implements AutoCloseable {
    private static final int FRAME_BYTES_BESIDE_BODY = 2 * 1024 * 1024;
    private static final int WINDOW_BYTES = 1024 * 1024;
    private static final long KEEP_ALIVE_MIN_SECONDS = 5;
    private static final long KEEP_ALIVE_SECONDS = 20;
    private static final long STOP_SECONDS = 2;
    private static final int RESET_WINDOW_SECONDS = 60;
    private static final long AGE_GRACE_SECONDS = 10;

    /**
     * A handshake is some milliseconds of computing. Strangers get half of the processors at most, so that their flood leaves the rest
     * to those who are attached; two threads at least, so that one that has lost its processor does not keep all newcomers waiting.
     */
    private static final int HANDSHAKE_THREADS =
            Math.max(2, Runtime.getRuntime().availableProcessors() / 2);

    private static final int HANDSHAKE_IDLE_SECONDS = 60;
    private static final int HANDSHAKES_WAITING_MAX = 10_000;

    /** Headers of answers in which a caller finds its own words again. */
    private static final List<Metadata.Key<?>> OF_THE_CALLER = List.of(
            Metadata.Key.of("grpc-message", Metadata.ASCII_STRING_MARSHALLER),
            Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER));

    private final Server server;
    private final EdgeContext context;
    private final ConnectionGate connections;
    private final ThreadPoolExecutor handshakes = handshakeThreads();
    private final HealthStatusManager health = new HealthStatusManager();

    /**
     * Prepares the port; binds nothing.
     *
     * @param tls empty: plain text
     */
    public EdgeServer(EdgeContext context, ClusterAccess cluster, Optional<RouterTls> tls) {
        this.context = context;
        OperatorGate gate = new OperatorGate(
                context.config(), cluster.operators(), cluster.audit(), context.random(), context.observer());
        HostPort address = context.config().self().client();
        Connections limits = context.config().connections();
        this.connections = new ConnectionGate(context.limits().connections(), limits, context.observer());
        NettyServerBuilder builder = NettyServerBuilder.forAddress(
                        new InetSocketAddress(context.config().bindHost(address), address.port()),
                        tls.map(credentials -> TlsContexts.forClients(credentials, handshakes))
                                .orElseGet(InsecureServerCredentials::create))
                .directExecutor()
                .bossEventLoopGroup(connections.boss())
                .workerEventLoopGroup(connections.worker())
                .channelType(ConnectionGate.channelType())
                .maxConcurrentCallsPerConnection(limits.calls())
                .maxRstFramesPerWindow(limits.resetsPerMinute(), RESET_WINDOW_SECONDS)
                .maxInboundMetadataSize(limits.headerBytes())
                // Each client says how large a table of headers it keeps, up to 4 GiB, and these hold what it sent.
                .neverIndexMetadataKeys(OF_THE_CALLER)
                .handshakeTimeout(limits.handshakeTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .maxConnectionIdle(limits.idle().toMillis(), TimeUnit.MILLISECONDS)
                .maxConnectionAge(limits.age().toMillis(), TimeUnit.MILLISECONDS)
                .maxConnectionAgeGrace(AGE_GRACE_SECONDS, TimeUnit.SECONDS)
                .maxInboundMessageSize(context.config().limits().bodyBytes() + FRAME_BYTES_BESIDE_BODY)
                .flowControlWindow(WINDOW_BYTES)
                // A client that a network cut took away must not hold its session for hours.
                .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .permitKeepAliveTime(KEEP_ALIVE_MIN_SECONDS, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .addServices(services(cluster, gate).stream()
                        .map(UnreadableMessages::answeredFor)
                        .toList());
        this.server = builder.build();
        setServing(false);
        setReady(false);
    }

    /** A few handshakes at once, so that those who are attached have the event loops to themselves. */
    private static ThreadPoolExecutor handshakeThreads() {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                HANDSHAKE_THREADS,
                HANDSHAKE_THREADS,
                HANDSHAKE_IDLE_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(HANDSHAKES_WAITING_MAX),
                new DefaultThreadFactory("handshake", true));
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    private List<ServerServiceDefinition> services(ClusterAccess cluster, OperatorGate gate) {
        List<ServerServiceDefinition> services = new ArrayList<>(PeerServices.of(context, cluster.reads()));
        services.add(guarded(new ClusterService(context, cluster, gate)));
        services.add(guarded(new AdministrationService(context, cluster, gate)));
        services.add(health.getHealthService().bindService());
        services.add(ProtoReflectionServiceV1.newInstance().bindService());
        return services;
    }

    /** What operators alone may do, or parts of it. */
    private static ServerServiceDefinition guarded(BindableService service) {
        return ServerInterceptors.intercept(service, new ShownCertificate(), new OperatorProofs());
    }

    public void start() throws IOException {
        server.start();
        context.work().execute(() -> AttachProof.rehearse(context.random()));
    }

    /** The health service's word on whether sessions are taken here: only by the leader. */
    public void setServing(boolean serving) {
        health.setStatus(RouterGrpc.SERVICE_NAME, serving ? ServingStatus.SERVING : ServingStatus.NOT_SERVING);
    }

    /** The health service's word on the router as a whole: whether it is fit to play its part, leader or not. */
    public void setReady(boolean ready) {
        health.setStatus(
                HealthStatusManager.SERVICE_NAME_ALL_SERVICES,
                ready ? ServingStatus.SERVING : ServingStatus.NOT_SERVING);
    }

    /** Takes no more calls, lets those under way end, then cuts the rest. */
    @Override
    public void close() {
        health.enterTerminalState();
        server.shutdown();
        try {
            if (!server.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                server.shutdownNow();
            }
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
        connections.close();
        handshakes.shutdownNow();
    }
}
