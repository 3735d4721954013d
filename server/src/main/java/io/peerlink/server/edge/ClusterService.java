package io.peerlink.server.edge;

import com.google.protobuf.ByteString;
import io.grpc.stub.StreamObserver;
import io.peerlink.protocol.v1.ClusterGrpc;
import io.peerlink.protocol.v1.GetRouterRequest;
import io.peerlink.protocol.v1.GetRouterResponse;
import io.peerlink.protocol.v1.GetStateHashRequest;
import io.peerlink.protocol.v1.GetStateHashResponse;
import io.peerlink.protocol.v1.IntroduceRequest;
import io.peerlink.protocol.v1.IntroduceResponse;
import io.peerlink.protocol.v1.RouterAddress;
import io.peerlink.protocol.v1.RouterIdentity;
import io.peerlink.protocol.v1.RouterRole;
import io.peerlink.server.identity.DataDirectory;
import io.peerlink.server.raft.RouterStatus;
import io.peerlink.server.raft.RouterStatus.Member;
import io.peerlink.statemachine.StateDigest;
import io.peerlink.statemachine.StateView;
import java.io.File;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/** Tells how this router is, leader or not. */
final class ClusterService extends ClusterGrpc.ClusterImplBase {
    private final EdgeContext context;
    private final ClusterAccess cluster;
    private final OperatorGate gate;
    /** A digest reads everything: one at a time, and never on the threads that attaches and queries need. */
    private final ThreadPoolExecutor digests = new ThreadPoolExecutor(
            0, 1, 1, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> new Thread(task, "digest"));

    private final long startedAtNanos = System.nanoTime();

    ClusterService(EdgeContext context, ClusterAccess cluster, OperatorGate gate) {
        this.context = context;
        this.cluster = cluster;
        this.gate = gate;
    }

    @Override
    public void getRouter(GetRouterRequest request, StreamObserver<GetRouterResponse> response) {
        OperatorGate.Call call = OperatorGate.Call.current(ClusterGrpc.getGetRouterMethod(), request);
        CompletableFuture<GetRouterResponse> told = request.getWithDigest()
                ? later(
                                () -> gate.admitReader(
                                        call, digests, any -> CompletableFuture.completedFuture(describe(request))),
                                context.work())
                        .thenCompose(Function.identity())
                : later(() -> describe(request), context.work());
        told.whenComplete((answer, failure) -> Answer.send(response, answer, failure));
    }

    @Override
    public void getStateHash(GetStateHashRequest request, StreamObserver<GetStateHashResponse> response) {
        later(() -> hashAfter(request.getIndex()), context.work())
                .whenComplete((answer, failure) -> Answer.send(response, answer, failure));
    }

    private GetStateHashResponse hashAfter(long index) {
        ByteString hash = cluster.reads().read(view -> view.runningHash(index)).orElse(ByteString.EMPTY);
        return GetStateHashResponse.newBuilder()
                .setHash(hash)
                .setRouterId(context.config().routerId())
                .setClusterId(context.config().clusterId())
                .build();
    }

    private static <T> CompletableFuture<T> later(Supplier<T> answer, Executor executor) {
        try {
            return CompletableFuture.supplyAsync(answer, executor);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private GetRouterResponse describe(GetRouterRequest request) {
        RouterStatus now = cluster.status().get();
        File disk = context.config().dataDir().toFile();
        GetRouterResponse.Builder answer = GetRouterResponse.newBuilder()
                .setRouterId(context.config().routerId())
                .setClusterId(context.config().clusterId())
                .setVersion(String.valueOf(ClusterService.class.getPackage().getImplementationVersion()))
                .setRole(role(now.role()))
                .setTerm(now.term())
                .setLeaderId(now.leaderId().orElse(""))
                .setLeaderAddress(now.leaderAddress().orElse(""))
                .setCommitIndex(Math.max(0, now.commitIndex()))
                .setAppliedIndex(Math.max(0, now.appliedIndex()))
                .setCheckpointIndex(now.checkpointIndex())
                .setSessions(context.sessions().size())
                .setReady(context.leadership().isServing())
                .setUptimeMs((System.nanoTime() - startedAtNanos) / 1_000_000)
                .setDiskFreeBytes(disk.getUsableSpace())
                .setDiskTotalBytes(disk.getTotalSpace())
                .setClockMs(System.currentTimeMillis());
        now.members().forEach(member -> answer.addRouters(address(member)));
        if (request.getWithLoad()) {
            answer.setLoad(load(cluster.load().get()));
        }
        if (request.getWithDigest()) {
            StateDigest digest = cluster.reads().read(StateView::digest);
            answer.setDigest(digest.sha256()).setDigestIndex(digest.position().index());
        }
        return answer.build();
    }

    private static io.peerlink.protocol.v1.RouterLoad load(RouterLoad load) {
        return io.peerlink.protocol.v1.RouterLoad.newBuilder()
                .setRequests(load.requests())
                .setDeliveries(load.deliveries())
                .setBacklog(load.backlog())
                .setCommitP99Us(load.commitP99Micros())
                .setResidentBytes(load.residentBytes())
                .build();
    }

    static RouterAddress address(Member member) {
        return RouterAddress.newBuilder()
                .setRouterId(member.id())
                .setClientAddress(member.clientAddress())
                .setRaftAddress(member.raftAddress())
                .build();
    }

    @Override
    public void introduce(IntroduceRequest request, StreamObserver<IntroduceResponse> response) {
        later(() -> meet(request.getSelf()), context.work())
                .whenComplete((answer, failure) -> Answer.send(response, answer, failure));
    }

    private IntroduceResponse meet(RouterIdentity caller) {
        String id = caller.getRouterId();
        DataDirectory data = cluster.data();
        RouterStatus now = cluster.status().get();
        boolean member = now.members().stream().anyMatch(known -> known.id().equals(id));
        // What a caller says of itself is not remembered, since anybody may call: this router asks at the others'
        // addresses.
        return IntroduceResponse.newBuilder()
                .setSelf(Introductions.self(context.config(), data.owner()))
                .setKnownIncarnation(data.incarnationOf(id).orElse(""))
                .setMember(member)
                .setHasEntries(now.commitIndex() >= 0)
                .build();
    }

    private static RouterRole role(RouterStatus.Role role) {
        return switch (role) {
            case LEADER -> RouterRole.LEADER;
            case FOLLOWER -> RouterRole.FOLLOWER;
            case CANDIDATE -> RouterRole.CANDIDATE;
            case STARTING -> RouterRole.STARTING;
        };
    }
}
