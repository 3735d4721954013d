package io.peerlink.server.edge;

import com.google.protobuf.MessageLite;
import io.grpc.MethodDescriptor;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.peerlink.protocol.v1.AdministrationGrpc;
import io.peerlink.protocol.v1.BackupPart;
import io.peerlink.protocol.v1.BackupRequest;
import io.peerlink.protocol.v1.ChangeMembersRequest;
import io.peerlink.protocol.v1.ChangeMembersResponse;
import io.peerlink.protocol.v1.CreateCheckpointRequest;
import io.peerlink.protocol.v1.CreateCheckpointResponse;
import io.peerlink.protocol.v1.CreateInviteRequest;
import io.peerlink.protocol.v1.CreateInviteResponse;
import io.peerlink.protocol.v1.Error;
import io.peerlink.protocol.v1.ErrorCode;
import io.peerlink.protocol.v1.GetChallengeRequest;
import io.peerlink.protocol.v1.GetChallengeResponse;
import io.peerlink.protocol.v1.IntroduceResponse;
import io.peerlink.protocol.v1.ListInvitesRequest;
import io.peerlink.protocol.v1.ListInvitesResponse;
import io.peerlink.protocol.v1.LockPeerRequest;
import io.peerlink.protocol.v1.LockPeerResponse;
import io.peerlink.protocol.v1.RevokeInviteRequest;
import io.peerlink.protocol.v1.RevokeInviteResponse;
import io.peerlink.protocol.v1.RouterAddress;
import io.peerlink.protocol.v1.TransferLeadershipRequest;
import io.peerlink.protocol.v1.TransferLeadershipResponse;
import io.peerlink.server.config.ServerConfig;
import io.peerlink.server.raft.MembershipChange;
import io.peerlink.server.raft.MembershipOutcome;
import io.peerlink.server.raft.RouterStatus.Member;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What operators do to a running cluster. All of it stands in this one service, so that one rule can guard it. */
final class AdministrationService extends AdministrationGrpc.AdministrationImplBase {
    private static final Logger LOGGER = LoggerFactory.getLogger(AdministrationService.class);

    private final EdgeContext context;
    private final ClusterAccess cluster;
    private final OperatorGate gate;
    private final AccessAdministration access;
    /** One at a time: each pins a checkpoint on disk and reads it twice. */
    private final ThreadPoolExecutor backups = new ThreadPoolExecutor(
            0, 1, 1, TimeUnit.SECONDS, new SynchronousQueue<>(), AdministrationService::backupThread);

    AdministrationService(EdgeContext context, ClusterAccess cluster, OperatorGate gate) {
        this.context = context;
        this.cluster = cluster;
        this.gate = gate;
        this.access = new AccessAdministration(context, cluster.reads());
    }

    @Override
    public void getChallenge(GetChallengeRequest request, StreamObserver<GetChallengeResponse> response) {
        response.onNext(gate.challenge());
        response.onCompleted();
    }

    @Override
    public void createInvite(CreateInviteRequest request, StreamObserver<CreateInviteResponse> response) {
        asOperator(
                        AdministrationGrpc.getCreateInviteMethod(),
                        request,
                        operator -> requireLeader(() -> access.createInvite(request, operator)))
                .whenComplete((answer, failure) -> Answer.send(response, answer, failure));
    }

    @Override
    public void listInvites(ListInvitesRequest request, StreamObserver<ListInvitesResponse> response) {
        asOperator(
                        AdministrationGrpc.getListInvitesMethod(),
                        request,
                        operator -> requireLeader(() -> access.listInvites(request)))
                .whenComplete((answer, failure) -> Answer.send(response, answer, failure));
    }

    @Override
    public void revokeInvite(RevokeInviteRequest request, StreamObserver<RevokeInviteResponse> response) {
        asOperator(
                        AdministrationGrpc.getRevokeInviteMethod(),
                        request,
                        operator -> requireLeader(() -> access.revokeInvite(request)))
                .whenComplete((answer, failure) -> Answer.send(response, answer, failure));
    }

    @Override
    public void lockPeer(LockPeerRequest request, StreamObserver<LockPeerResponse> response) {
        asOperator(
                        AdministrationGrpc.getLockPeerMethod(),
                        request,
                        operator -> requireLeader(() -> access.lockPeer(request, operator)))
                .whenComplete((answer, failure) -> Answer.send(response, answer, failure));
    }

    @Override
    public void changeMembers(ChangeMembersRequest request, StreamObserver<ChangeMembersResponse> response) {
        asOperator(
                        AdministrationGrpc.getChangeMembersMethod(),
                        request,
                        operator -> requireLeader(() -> change(request)))
                .whenComplete((answer, failure) -> Answer.send(response, answer, failure));
    }

    private CompletableFuture<ChangeMembersResponse> change(ChangeMembersRequest request) {
        LOGGER.info("asked to change the members: {}", request.getChangeCase());
        CompletableFuture<MembershipOutcome> change = switch (request.getChangeCase()) {
            case ADD -> welcome(request.getAdd(), MembershipChange.Add::new);
            case REPLACE ->
                welcome(
                        request.getReplace().getReplacement(),
                        router -> new MembershipChange.Replace(
                                request.getReplace().getOldRouterId(), router));
            case REMOVE -> cluster.membership().change(new MembershipChange.Remove(request.getRemove()));
            case CHANGE_NOT_SET ->
                throw ErrorMapper.exception(ErrorMapper.error(ErrorCode.BAD_REQUEST, "a change must be given", ""));
        };
        return change.thenApply(outcome -> {
            ErrorMapper.requireDone(outcome);
            ChangeMembersResponse.Builder members = ChangeMembersResponse.newBuilder();
            cluster.status().get().members().forEach(member -> members.addRouters(ClusterService.address(member)));
            return members.build();
        });
    }

    /** Asks a router that is to come who it is, before anything changes. */
    private CompletableFuture<MembershipOutcome> welcome(
            RouterAddress router, Function<Member, MembershipChange> change) {
        checkForm(router);
        return cluster.others()
                .introduce(router.getClientAddress(), self())
                .exceptionallyCompose(
                        unreachable -> CompletableFuture.failedFuture(ErrorMapper.exception(ErrorMapper.error(
                                ErrorCode.ROUTER_UNREACHABLE,
                                "no router answers at " + router.getClientAddress(),
                                "start it first: peerlink-server -c FILE --join"))))
                .thenComposeAsync(
                        answer -> {
                            checkIdentity(router, answer);
                            return cluster.membership()
                                    .change(change.apply(new Member(
                                            router.getRouterId(), router.getClientAddress(), router.getRaftAddress())));
                        },
                        context.work());
    }

    private static void checkForm(RouterAddress router) {
        if (!ServerConfig.isRouterId(router.getRouterId())) {
            throw badRouter("\"" + QueryService.printable(router.getRouterId()) + "\" is not a router's id");
        }
        for (String address : new String[] {router.getClientAddress(), router.getRaftAddress()}) {
            if (ServerConfig.HostPort.parse(address).isEmpty()) {
                throw badRouter("\"" + QueryService.printable(address) + "\" is not host:port");
            }
        }
    }

    private void checkIdentity(RouterAddress router, IntroduceResponse answer) {
        var other = answer.getSelf();
        if (!other.getClusterId().equals(context.config().clusterId())) {
            throw badRouter("the router at " + router.getClientAddress() + " belongs to cluster " + other.getClusterId()
                    + ", not to " + context.config().clusterId());
        }
        if (!other.getRouterId().equals(router.getRouterId())) {
            throw badRouter("the router at " + router.getClientAddress() + " is " + other.getRouterId() + ", not "
                    + router.getRouterId());
        }
        if (!other.getClientAddress().equals(router.getClientAddress())
                || !other.getRaftAddress().equals(router.getRaftAddress())) {
            throw badRouter(router.getRouterId() + " is configured as client = " + other.getClientAddress()
                    + ", raft = " + other.getRaftAddress());
        }
        Optional<String> known = cluster.data().incarnationOf(other.getRouterId());
        if (known.isPresent() && !known.get().equals(other.getIncarnation())) {
            throw ErrorMapper.exception(ErrorMapper.error(
                    ErrorCode.ROUTER_EXISTS,
                    "the id " + other.getRouterId() + " was used before, with other data",
                    "give the router an id that the cluster never had"));
        }
        boolean member = cluster.status().get().members().stream()
                .anyMatch(now -> now.id().equals(other.getRouterId()));
        if (!member && !other.getOrigin().equals("joined")) {
            throw badRouter(router.getRouterId() + " was not started with --join: it has data of its own");
        }
    }

    private static RuntimeException badRouter(String message) {
        return ErrorMapper.exception(ErrorMapper.error(
                ErrorCode.BAD_ROUTER, message, "give the new router's id and addresses as in its file"));
    }

    private io.peerlink.protocol.v1.RouterIdentity self() {
        return Introductions.self(context.config(), cluster.data().owner());
    }

    @Override
    public void transferLeadership(
            TransferLeadershipRequest request, StreamObserver<TransferLeadershipResponse> response) {
        Optional<String> to = Optional.of(request.getRouterId()).filter(id -> !id.isEmpty());
        asOperator(
                        AdministrationGrpc.getTransferLeadershipMethod(),
                        request,
                        operator -> requireLeader(() -> cluster.membership()
                                .transfer(to)
                                .thenApply(outcome -> TransferLeadershipResponse.newBuilder()
                                        .setLeaderId(ErrorMapper.requireDone(outcome))
                                        .build())))
                .whenComplete((answer, failure) -> Answer.send(response, answer, failure));
    }

    @Override
    public void createCheckpoint(CreateCheckpointRequest request, StreamObserver<CreateCheckpointResponse> response) {
        asOperator(
                        AdministrationGrpc.getCreateCheckpointMethod(),
                        request,
                        operator -> cluster.membership()
                                .checkpoint()
                                .thenApply(outcome -> CreateCheckpointResponse.newBuilder()
                                        .setRouterId(ErrorMapper.requireDone(outcome))
                                        .setIndex(cluster.status().get().checkpointIndex())
                                        .build()))
                .whenComplete((answer, failure) -> Answer.send(response, answer, failure));
    }

    @Override
    public void backup(BackupRequest request, StreamObserver<BackupPart> response) {
        BackupStream stream = new BackupStream(context.config(), (ServerCallStreamObserver<BackupPart>) response);
        asOperator(
                        AdministrationGrpc.getBackupMethod(),
                        request,
                        operator -> (request.getMayLag()
                                        ? cluster.membership().checkpoint()
                                        : requireLeader(this::provenCheckpoint))
                                .thenAccept(ErrorMapper::requireDone)
                                .thenRunAsync(() -> send(stream), backups))
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        // A refusal is the caller's to hear: anybody may cause as many as he likes.
                        if (!ErrorMapper.isRefusal(failure)) {
                            LOGGER.warn("a backup did not end well", failure);
                        }
                        response.onError(ErrorMapper.exception(failure));
                    }
                });
    }

    /**
     * A checkpoint that holds everything acknowledged before the call, which a leader that was deposed and has not heard of it
     * cannot make. Asked for only after the proof: Ratis joins a request to one that is under way.
     */
    private CompletableFuture<MembershipOutcome> provenCheckpoint() {
        return cluster.reads()
                .awaitReadIndex()
                .thenComposeAsync(proven -> cluster.membership().checkpoint(), context.work());
    }

    private void send(BackupStream stream) {
        try {
            stream.send(cluster.newestCheckpoint()
                    .get()
                    .orElseThrow(() -> ErrorMapper.exception(ErrorMapper.error(
                            ErrorCode.CHANGE_REFUSED, "there is nothing to back up yet", "try again in a moment"))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RejectedExecutionException("the router stops", e);
        }
    }

    /** A follower's view of the members may be old, so nothing is judged by it. */
    private <T> CompletableFuture<T> requireLeader(Supplier<CompletableFuture<T>> task) {
        if (!context.leadership().isServing()) {
            Error error = ErrorMapper.notLeader(context.leadership().otherLeaderAddress());
            return CompletableFuture.failedFuture(ErrorMapper.exception(error));
        }
        return task.get();
    }

    private static Thread backupThread(Runnable task) {
        Thread thread = new Thread(task, "backup");
        // A router that stops does not wait for an operator.
        thread.setDaemon(true);
        return thread;
    }

    /** Ratis may wait for its locks, and a signature takes its time, so not on the event loop. */
    private <T> CompletableFuture<T> asOperator(
            MethodDescriptor<?, ?> method, MessageLite request, Function<String, CompletableFuture<T>> task) {
        OperatorGate.Call call = OperatorGate.Call.current(method, request);
        try {
            return CompletableFuture.supplyAsync(() -> gate.admit(call, context.work(), task), context.work())
                    .thenCompose(started -> started);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
