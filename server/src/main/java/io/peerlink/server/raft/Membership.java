package io.peerlink.server.raft;

import io.peerlink.server.raft.MembershipOutcome.Reason;
import io.peerlink.server.raft.RouterStatus.Member;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.protocol.exceptions.LeaderSteppingDownException;
import org.apache.ratis.protocol.exceptions.NotLeaderException;
import org.apache.ratis.protocol.exceptions.ReconfigurationInProgressException;
import org.apache.ratis.protocol.exceptions.ReconfigurationTimeoutException;
import org.apache.ratis.protocol.exceptions.SetConfigurationException;
import org.apache.ratis.protocol.exceptions.TransferLeadershipException;
import org.apache.ratis.server.RaftServer;
import org.jspecify.annotations.Nullable;

/**
 * Changes who is in the cluster and who leads it, through this router's member of the Raft group. Refuses what Ratis would
 * accept and never finish. Any thread but an event loop; nothing here blocks for long.
 */
public final class Membership {
    private static final Duration TRANSFER_TIMEOUT = Duration.ofSeconds(3);
    private static final long CHECKPOINT_TIMEOUT_MS = 60_000;
    /** A router that was silent for so many of the longest election time-outs is not counted on. */
    private static final int SILENCE_MAX_TIMEOUTS = 3;

    /** A follower that has committed less than the leader by more entries is not in step: a second of a busy leader's. */
    private static final long IN_STEP_ENTRIES = 1_000;

    private static final long POLL_MS = 50;

    private final RaftServer server;
    private final RaftGroupId groupId;
    private final ClientId clientId;
    private final Checkpoints checkpoints;
    /** Twice the time between heartbeats. */
    private final long missedBeatsMs;

    private final long silenceMaxMs;
    /** Not the submitter's: Ratis tells requests apart by client and call id, and this client is another one. */
    private final AtomicLong callIds = new AtomicLong();

    private final AtomicReference<@Nullable RaftPeerId> successor = new AtomicReference<>();
    private final SteadyFollowers steadyFollowers = new SteadyFollowers();

    /**
     * Speaks for one member.
     *
     * @param checkpoints of this member
     * @param electionTimeoutMin the shortest silence after which a follower stands for election; twice the time between heartbeats
     * @param electionTimeoutMax the longest
     */
    Membership(
            RaftServer server,
            RaftGroupId groupId,
            Checkpoints checkpoints,
            Duration electionTimeoutMin,
            Duration electionTimeoutMax) {
        this.checkpoints = checkpoints;
        this.missedBeatsMs = electionTimeoutMin.toMillis();
        this.silenceMaxMs = SILENCE_MAX_TIMEOUTS * electionTimeoutMax.toMillis();
        this.server = server;
        this.groupId = groupId;
        this.clientId = ClientId.randomId();
    }

    /** Adds, removes or replaces a router. A new one must run already; it has caught up when this ends. */
    public CompletableFuture<MembershipOutcome> change(MembershipChange change) {
        if (!division().getInfo().isLeader()) {
            return done(notLeader());
        }
        List<RaftPeer> current = List.copyOf(division().getRaftConf().getCurrentPeers());
        if (change instanceof MembershipChange.Add add) {
            Member router = add.router();
            if (current.stream().anyMatch(peer -> isSame(peer, router))) {
                return done(new MembershipOutcome.Done(server.getId().toString()));
            }
            return conflict(current, router)
                    .map(Membership::done)
                    .orElseGet(() -> set(current, with(current.stream(), router)));
        }
        if (change instanceof MembershipChange.Remove remove) {
            return without(current, remove.routerId(), Optional.empty());
        }
        MembershipChange.Replace replace = (MembershipChange.Replace) change;
        return without(current, replace.oldRouterId(), Optional.of(replace.router()));
    }

    private CompletableFuture<MembershipOutcome> without(
            List<RaftPeer> current, String leaving, Optional<Member> coming) {
        boolean known = current.stream().anyMatch(isCalled(leaving));
        boolean came = coming.filter(router -> current.stream().anyMatch(peer -> isSame(peer, router)))
                .isPresent();
        if (!known && came) {
            return done(new MembershipOutcome.Done(server.getId().toString()));
        }
        if (!known) {
            return done(new MembershipOutcome.Refused(
                    Reason.UNKNOWN_ROUTER, "no router " + leaving + " in the cluster of " + names(current)));
        }
        List<RaftPeer> staying =
                current.stream().filter(isCalled(leaving).negate()).toList();
        Optional<MembershipOutcome> conflict =
                coming.filter(router -> !came).flatMap(router -> conflict(staying, router));
        if (conflict.isPresent()) {
            return done(conflict.get());
        }
        List<RaftPeer> next = coming.isPresent() && !came ? with(staying.stream(), coming.get()) : staying;
        // The new one need not be counted on: Ratis does not begin before it has caught up.
        return awaitMajority(staying, next.size(), System.nanoTime()).thenCompose(majority -> {
            if (!majority) {
                return done(new MembershipOutcome.Refused(
                        Reason.NO_MAJORITY, "no majority of " + names(next) + " answers"));
            }
            if (leaving.equals(server.getId().toString())) {
                // A leader that removes itself stops in the middle of its clients' sends: let another do it.
                return transfer(Optional.empty())
                        .thenApply(outcome -> outcome instanceof MembershipOutcome.Done ? notLeader() : outcome);
            }
            return set(current, next);
        });
    }

    /**
     * Whether enough of those who stay answer from now on. What they did before the question counts for nothing: Ratis would
     * accept a change that a router which just died was needed for, and wait for it without serving anybody.
     */
    private CompletableFuture<Boolean> awaitMajority(List<RaftPeer> staying, int size, long sinceNanos) {
        long elapsedMs = (System.nanoTime() - sinceNanos) / 1_000_000;
        Set<RaftPeerId> answering = answering(elapsedMs);
        long missing = staying.stream()
                .filter(peer -> !answering.contains(peer.getId()))
                .count();
        if (2 * (size - missing) > size) {
            return CompletableFuture.completedFuture(true);
        }
        if (elapsedMs > silenceMaxMs) {
            return CompletableFuture.completedFuture(false);
        }
        return CompletableFuture.supplyAsync(
                        () -> awaitMajority(staying, size, sinceNanos),
                        CompletableFuture.delayedExecutor(POLL_MS, TimeUnit.MILLISECONDS))
                .thenCompose(result -> result);
    }

    private Optional<MembershipOutcome> conflict(List<RaftPeer> staying, Member router) {
        return staying.stream()
                .filter(peer -> peer.getId().toString().equals(router.id())
                        || peer.getAddress().equals(router.raftAddress())
                        || peer.getClientAddress().equals(router.clientAddress()))
                .findFirst()
                .map(peer -> new MembershipOutcome.Refused(
                        Reason.ROUTER_EXISTS,
                        "the cluster has " + peer.getId() + " at " + peer.getClientAddress() + " and "
                                + peer.getAddress()));
    }

    private CompletableFuture<MembershipOutcome> set(List<RaftPeer> current, List<RaftPeer> next) {
        SetConfigurationRequest.Arguments arguments = SetConfigurationRequest.Arguments.newBuilder()
                .setServersInCurrentConf(current)
                .setServersInNewConf(next)
                .setMode(SetConfigurationRequest.Mode.COMPARE_AND_SET)
                .build();
        SetConfigurationRequest request =
                new SetConfigurationRequest(clientId, server.getId(), groupId, callIds.incrementAndGet(), arguments);
        return ask(() -> server.setConfigurationAsync(request), server.getId().toString());
    }

    /**
     * Lets another router lead.
     *
     * @param to empty: the answering follower that has been in step longest
     */
    public CompletableFuture<MembershipOutcome> transfer(Optional<String> to) {
        return transfer(to, TRANSFER_TIMEOUT);
    }

    /** As {@link #transfer(Optional)}, with a limit of its own. */
    CompletableFuture<MembershipOutcome> transfer(Optional<String> to, Duration limit) {
        if (!division().getInfo().isLeader()) {
            return done(notLeader());
        }
        Optional<RaftPeerId> target = to.isPresent()
                ? to.map(RaftPeerId::valueOf)
                : followers().stream().filter(answering()::contains).findFirst();
        if (target.isEmpty()) {
            return done(new MembershipOutcome.Refused(Reason.NO_PROGRESS, "no follower answers"));
        }
        RaftPeerId next = target.get();
        if (division().getRaftConf().getCurrentPeers().stream().noneMatch(isCalled(next.toString()))) {
            return done(new MembershipOutcome.Refused(
                    Reason.UNKNOWN_ROUTER,
                    "no router " + next + " in the cluster of "
                            + names(division().getRaftConf().getCurrentPeers().stream()
                                    .toList())));
        }
        if (!answering().contains(next)) {
            return done(new MembershipOutcome.Refused(Reason.NO_PROGRESS, next + " does not answer"));
        }
        TransferLeadershipRequest request = new TransferLeadershipRequest(
                clientId, server.getId(), groupId, callIds.incrementAndGet(), next, limit.toMillis());
        // Of two at a time Ratis refuses the second, and the first goes on.
        boolean first = successor.compareAndSet(null, next);
        return ask(() -> server.transferLeadershipAsync(request), next.toString())
                .whenComplete((outcome, error) -> {
                    if (first) {
                        successor.set(null);
                    }
                });
    }

    /** Whom this router is giving the lead to, while it is. */
    Optional<RaftPeerId> successor() {
        return Optional.ofNullable(successor.get());
    }

    /** Everybody else who votes; those in front that have been in step with this leader longest. */
    List<RaftPeerId> followers() {
        return steadyFollowers.steadiestFirst(division().getRaftConf().getCurrentPeers().stream()
                .map(RaftPeer::getId)
                .filter(id -> !id.equals(server.getId()))
                .toList());
    }

    /** To be called about each second: takes note of who is in step. */
    void lookAtFollowers() {
        // One that was away for as long as a start takes is missed in one of the looks.
        Set<RaftPeerId> inStep = answering(missedBeatsMs);
        long commit = division().getRaftLog().getLastCommittedIndex();
        division().getCommitInfos().stream()
                .filter(info -> commit - info.getCommitIndex() > IN_STEP_ENTRIES)
                .forEach(info ->
                        inStep.remove(RaftPeerId.valueOf(info.getServer().getId())));
        steadyFollowers.look(inStep);
    }

    /** Makes a checkpoint of all that this router has applied, whatever it leads or follows. */
    public CompletableFuture<MembershipOutcome> checkpoint() {
        return checkpointWith(checkpoints.demand());
    }

    /** Ratis has one under way at a time, and answers with it whoever asks meanwhile: it may have begun too early. */
    private CompletableFuture<MembershipOutcome> checkpointWith(long index) {
        return takeCheckpoint()
                .thenCompose(outcome -> outcome instanceof MembershipOutcome.Done && checkpoints.newestIndex() < index
                        ? checkpointWith(index)
                        : done(outcome));
    }

    /** Has the checkpoint announced that was prepared, or makes one if there is none. */
    CompletableFuture<MembershipOutcome> takeCheckpoint() {
        SnapshotManagementRequest request = SnapshotManagementRequest.newCreate(
                clientId, server.getId(), groupId, callIds.incrementAndGet(), CHECKPOINT_TIMEOUT_MS, 1);
        return ask(() -> server.snapshotManagementAsync(request), server.getId().toString());
    }

    /** Who answers at present, this router included. Only a leader knows of others. */
    Set<RaftPeerId> answering() {
        return answering(silenceMaxMs);
    }

    /** Whether a majority answers at present. Only a leader knows; Ratis lets one without lead on if their ports are closed. */
    boolean hasMajority() {
        Set<RaftPeerId> answering = answering();
        List<RaftPeer> members = List.copyOf(division().getRaftConf().getCurrentPeers());
        return 2
                        * members.stream()
                                .filter(member -> answering.contains(member.getId()))
                                .count()
                > members.size();
    }

    /** Who answered within this time, this router included. Only a leader knows. */
    private Set<RaftPeerId> answering(long withinMs) {
        Set<RaftPeerId> answering =
                division().getInfo().getRoleInfoProto().getLeaderInfo().getFollowerInfoList().stream()
                        .filter(follower -> follower.getLastRpcElapsedTimeMs() < withinMs)
                        .map(follower -> RaftPeerId.valueOf(follower.getId().getId()))
                        .collect(Collectors.toSet());
        answering.add(server.getId());
        return answering;
    }

    private interface RatisCall {
        CompletableFuture<RaftClientReply> start() throws IOException;
    }

    private CompletableFuture<MembershipOutcome> ask(RatisCall call, String about) {
        CompletableFuture<RaftClientReply> answer;
        try {
            answer = call.start();
        } catch (IOException e) {
            answer = CompletableFuture.failedFuture(e);
        }
        return answer.handle((reply, error) -> outcome(RaftSubmitter.failure(reply, error), about));
    }

    /** The one place that reads Ratis' refusals of administrative requests. */
    private MembershipOutcome outcome(@Nullable Throwable failure, String about) {
        if (failure == null) {
            return new MembershipOutcome.Done(about);
        }
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof ReconfigurationInProgressException) {
            return new MembershipOutcome.Refused(Reason.BUSY, "another change of the members is under way");
        }
        if (cause instanceof ReconfigurationTimeoutException) {
            return new MembershipOutcome.Refused(Reason.NO_PROGRESS, "the new router did not catch up");
        }
        if (cause instanceof SetConfigurationException) {
            return new MembershipOutcome.Refused(Reason.BUSY, "the members changed meanwhile: " + cause.getMessage());
        }
        if (cause instanceof TransferLeadershipException) {
            return new MembershipOutcome.Refused(Reason.NO_PROGRESS, about + " did not take over");
        }
        if (cause instanceof NotLeaderException || cause instanceof LeaderSteppingDownException) {
            return new MembershipOutcome.Unknown("leadership changed in the middle");
        }
        return new MembershipOutcome.Unknown(String.valueOf(cause.getMessage()));
    }

    private MembershipOutcome notLeader() {
        RaftPeerId leader = division().getInfo().getLeaderId();
        return new MembershipOutcome.NotLeader(Optional.ofNullable(leader)
                .filter(id -> !id.equals(server.getId()))
                .map(id -> division().getRaftConf().getPeer(id))
                .map(RaftPeer::getClientAddress)
                .filter(address -> !address.isEmpty()));
    }

    private RaftServer.Division division() {
        try {
            return server.getDivision(groupId);
        } catch (IOException e) {
            throw new LogUnavailableException("not a member of the group: " + e.getMessage());
        }
    }

    private static List<RaftPeer> with(Stream<RaftPeer> peers, Member router) {
        List<RaftPeer> all = new ArrayList<>(peers.toList());
        all.add(RaftPeer.newBuilder()
                .setId(router.id())
                .setAddress(router.raftAddress())
                .setClientAddress(router.clientAddress())
                .build());
        return all;
    }

    private static boolean isSame(RaftPeer peer, Member router) {
        return peer.getId().toString().equals(router.id())
                && peer.getAddress().equals(router.raftAddress())
                && peer.getClientAddress().equals(router.clientAddress());
    }

    private static Predicate<RaftPeer> isCalled(String id) {
        return peer -> peer.getId().toString().equals(id);
    }

    private static String names(List<RaftPeer> peers) {
        return peers.stream().map(peer -> peer.getId().toString()).sorted().collect(Collectors.joining(", "));
    }

    private static CompletableFuture<MembershipOutcome> done(MembershipOutcome outcome) {
        return CompletableFuture.completedFuture(outcome);
    }
}
