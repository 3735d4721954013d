package io.peerlink.server.edge;

import io.grpc.stub.StreamObserver;
import io.peerlink.protocol.v1.ClusterGrpc;
import io.peerlink.protocol.v1.GetRouterRequest;
import io.peerlink.protocol.v1.GetRouterResponse;
import io.peerlink.protocol.v1.RouterAddress;
import io.peerlink.protocol.v1.RouterRole;
import io.peerlink.server.raft.LinearizableReads;
import io.peerlink.server.raft.RouterStatus;
import io.peerlink.statemachine.StateDigest;
import io.peerlink.statemachine.StateView;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Tells how this router is, leader or not. */
final class ClusterService extends ClusterGrpc.ClusterImplBase {
    private final EdgeContext context;
    private final LinearizableReads reads;
    private final Supplier<RouterStatus> status;
    /** A digest reads everything: one at a time, and never on the threads that attaches and queries need. */
    private final ThreadPoolExecutor digests = new ThreadPoolExecutor(
            0, 1, 1, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> new Thread(task, "digest"));

    private final long startedAtNanos = System.nanoTime();

    ClusterService(EdgeContext context, LinearizableReads reads, Supplier<RouterStatus> status) {
        this.context = context;
        this.reads = reads;
        this.status = status;
    }

    @Override
    public void getRouter(GetRouterRequest request, StreamObserver<GetRouterResponse> response) {
        describeLater(request.getWithDigest())
                .whenComplete((answer, failure) -> Answer.send(response, answer, failure));
    }

    private CompletableFuture<GetRouterResponse> describeLater(boolean withDigest) {
        try {
            return CompletableFuture.supplyAsync(() -> describe(withDigest), withDigest ? digests : context.work());
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private GetRouterResponse describe(boolean withDigest) {
        RouterStatus now = status.get();
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
                .setUptimeMs((System.nanoTime() - startedAtNanos) / 1_000_000);
        now.members()
                .forEach(member -> answer.addRouters(RouterAddress.newBuilder()
                        .setRouterId(member.id())
                        .setClientAddress(member.clientAddress())
                        .setRaftAddress(member.raftAddress())));
        if (withDigest) {
            StateDigest digest = reads.read(StateView::digest);
            answer.setDigest(digest.sha256()).setDigestIndex(digest.position().index());
        }
        return answer.build();
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
