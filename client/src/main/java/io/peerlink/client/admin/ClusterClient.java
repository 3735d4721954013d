package io.peerlink.client.admin;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.peerlink.client.RouterTrust;
import io.peerlink.client.identity.Identity;
import io.peerlink.client.session.Channels;
import io.peerlink.client.session.ErrorMapper;
import io.peerlink.protocol.v1.ClusterGrpc;
import io.peerlink.protocol.v1.ClusterGrpc.ClusterBlockingStub;
import io.peerlink.protocol.v1.GetRouterRequest;
import io.peerlink.protocol.v1.GetRouterResponse;
import io.peerlink.protocol.v1.RouterLoad;
import io.peerlink.protocol.v1.RouterRole;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Asks routers how they are; any router answers about itself, leader or not. Thread-safe; calls block. */
public final class ClusterClient implements AutoCloseable {
    private final Duration timeout;
    private final Channels channels;
    private final Optional<Identity> operator;

    /** Each call opens a connection of its own and takes at most {@code timeout}. In plain text. */
    public ClusterClient(Duration timeout) {
        this(timeout, RouterTrust.plainText());
    }

    /** As {@link #ClusterClient(Duration)}, to routers that are trusted so. */
    public ClusterClient(Duration timeout, RouterTrust trust) {
        this(timeout, trust, Optional.empty());
    }

    /**
     * As {@link #ClusterClient(Duration, RouterTrust)}.
     *
     * @param operator who asks what only operators may ask, where routers want to know
     */
    public ClusterClient(Duration timeout, RouterTrust trust, Optional<Identity> operator) {
        this.timeout = timeout;
        this.channels = new Channels(trust);
        this.operator = operator;
    }

    /**
     * How this router is.
     *
     * @param hostPort where it listens for clients
     * @throws io.peerlink.client.PeerLinkException UNAVAILABLE if it does not answer in time, or its refusal
     */
    public RouterInfo router(String hostPort) {
        return ask(hostPort, GetRouterRequest.getDefaultInstance());
    }

    /** As {@link #router}, with how busy it is. */
    public RouterInfo routerWithLoad(String hostPort) {
        return ask(hostPort, GetRouterRequest.newBuilder().setWithLoad(true).build());
    }

    /** As {@link #router}, with a digest over its whole state; slow on a large one. Fails with OPERATOR_NEEDED too. */
    public RouterInfo routerWithDigest(String hostPort) {
        return ask(hostPort, GetRouterRequest.newBuilder().setWithDigest(true).build());
    }

    private RouterInfo ask(String hostPort, GetRouterRequest request) {
        ManagedChannel channel = channels.open(hostPort);
        try {
            ClusterBlockingStub stub = ClusterGrpc.newBlockingStub(channel);
            if (request.getWithDigest() && operator.isPresent()) {
                stub = stub.withInterceptors(OperatorProofs.challenged(operator.get(), channel, timeout));
            }
            return describe(stub.withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS)
                    .getRouter(request));
        } catch (StatusRuntimeException e) {
            throw ErrorMapper.of(hostPort, e);
        } finally {
            channel.shutdownNow();
        }
    }

    private static RouterInfo describe(GetRouterResponse answer) {
        return new RouterInfo(
                answer.getRouterId(),
                answer.getClusterId(),
                answer.getVersion(),
                role(answer.getRole()),
                answer.getReady(),
                answer.getTerm(),
                answer.getLeaderId().isEmpty()
                        ? Optional.empty()
                        : Optional.of(new RouterInfo.Leader(answer.getLeaderId(), answer.getLeaderAddress())),
                new RouterInfo.LogState(answer.getCommitIndex(), answer.getAppliedIndex(), answer.getCheckpointIndex()),
                answer.getSessions(),
                Duration.ofMillis(answer.getUptimeMs()),
                new RouterInfo.Disk(answer.getDiskFreeBytes(), answer.getDiskTotalBytes()),
                Instant.ofEpochMilli(answer.getClockMs()),
                answer.getRoutersList().stream()
                        .map(router -> new RouterInfo.RouterAddress(
                                router.getRouterId(), router.getClientAddress(), router.getRaftAddress()))
                        .toList(),
                answer.getDigest().isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                RouterInfo.StateDigest.of(answer.getDigest().toByteArray(), answer.getDigestIndex())),
                answer.hasLoad() ? Optional.of(load(answer.getLoad())) : Optional.empty());
    }

    private static RouterInfo.Load load(RouterLoad load) {
        return new RouterInfo.Load(
                load.getRequests(),
                load.getDeliveries(),
                load.getBacklog(),
                Duration.of(load.getCommitP99Us(), ChronoUnit.MICROS),
                load.getResidentBytes());
    }

    private static RouterInfo.Role role(RouterRole role) {
        return switch (role) {
            case LEADER -> RouterInfo.Role.LEADER;
            case FOLLOWER -> RouterInfo.Role.FOLLOWER;
            case CANDIDATE -> RouterInfo.Role.CANDIDATE;
            case STARTING -> RouterInfo.Role.STARTING;
            case ROUTER_ROLE_UNSPECIFIED, UNRECOGNIZED -> RouterInfo.Role.UNKNOWN;
        };
    }

    /** Nothing to release today; here so that programs need not change when connections are kept. */
    @Override
    public void close() {}
}
