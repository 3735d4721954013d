package io.peerlink.server.raft;

import io.peerlink.server.config.ServerConfig;
import io.peerlink.server.config.ServerConfig.RouterAddress;
import io.peerlink.server.raft.RouterStatus.Member;
import io.peerlink.server.raft.RouterStatus.Role;
import io.peerlink.server.tls.RouterTls;
import io.peerlink.statemachine.StateView;
import io.peerlink.statemachine.snapshot.Checkpoint;
import io.peerlink.statemachine.store.StoreUse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.CommitInfoProto;
import org.apache.ratis.protocol.RaftClientAsynchronousProtocol;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.impl.EarlyElection;
import org.apache.ratis.server.storage.RaftStorage.StartupOption;
import org.apache.ratis.util.ProtoUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This router's member of the Raft group: starts and stops the Ratis server and tells what it knows. Thread-safe after
 * {@link #start}.
 */
public final class RaftNode implements LinearizableReads, AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(RaftNode.class);
    /** For each follower that is asked in turn: whoever stops this process waits meanwhile. */
    private static final Duration HAND_OVER_LIMIT = Duration.ofMillis(1_500);

    private static final long LOOK_SECONDS = 1;
    private static final long LOST_LOOK_MS = 25;

    private final RaftGroup group;
    private final List<RouterAddress> routers;
    private final StoredData stored;
    private final RaftServer server;
    private final Membership membership;
    private final Duration electionTimeoutMax;
    private final LeaderVoice voice = new LeaderVoice();
    private final OrderlyHalt halt = new OrderlyHalt(FatalFault::halt);
    private final ClosedLogWatch closedLogWatch;
    private final DiskProbe diskProbe;
    private final CheckpointSchedule checkpoints;
    private final InFlightBatches inFlight = new InFlightBatches();
    private final ReplicatedStateMachine stateMachine;
    private final ScheduledExecutorService watch =
            Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "raft-watch"));
    private final ScheduledExecutorService probing =
            Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "disk-probe"));
    private @Nullable RaftSubmitter submitter;
    private @Nullable LeaderWatch leaderWatch;

    /**
     * Prepares the member; refuses a log that is damaged in any other way than an unfinished last entry.
     *
     * @param joins whether this router began as one to be added to an existing cluster
     * @param tls empty: plain text
     */
    public RaftNode(ServerConfig config, boolean joins, RaftListener listener, Optional<RouterTls> tls)
            throws IOException {
        RaftGroup configured = RaftSettings.group(config);
        // A router that joins takes its configuration from the leader that adds it; with one of its own it would vote.
        this.group = joins ? RaftGroup.valueOf(configured.getGroupId()) : configured;
        this.routers = config.routers();
        this.stored = StoredData.of(config);
        stored.finishInstall();
        stored.refuseOtherFormat();
        stored.finishPurge();
        stored.refuseHole();
        stored.restoreConfiguration();
        this.stateMachine = new ReplicatedStateMachine(config.dataDir(), inFlight, listener, halt);
        this.server = RaftServer.newBuilder()
                .setServerId(RaftPeerId.valueOf(config.routerId()))
                .setGroup(group)
                .setStateMachine(stateMachine)
                .setProperties(RaftSettings.properties(config, stored.log().corruptionPolicy()))
                .setParameters(RaftSettings.parameters(config, this::syncedIndex, voice, tls))
                .setOption(StartupOption.RECOVER)
                .build();
        this.electionTimeoutMax = config.raft().electionTimeoutMax();
        this.membership = new Membership(
                server, group.getGroupId(), stateMachine, config.raft().electionTimeoutMin(), electionTimeoutMax);
        this.checkpoints = new CheckpointSchedule(stateMachine, membership, config);
        this.closedLogWatch = new ClosedLogWatch(this::division, server.getId(), halt);
        this.diskProbe = new DiskProbe(config.dataDir().resolve("disk.probe"), this::syncedIndex, halt);
    }

    /** Joins the group. Returns once the local log is loaded; a leader may be elected later. */
    public void start() throws IOException {
        try {
            server.start();
        } catch (IOException | RuntimeException e) {
            // Ratis does not always name the file.
            stored.log().refuseDamagedSegments();
            stored.refuseDamagedCheckpoint();
            throw e;
        }
        RaftServer.Division division = server.getDivision(group.getGroupId());
        submitter = new RaftSubmitter(
                (RaftClientAsynchronousProtocol) division,
                server.getId(),
                group.getGroupId(),
                inFlight,
                this::otherLeaderAddress);
        watch.scheduleWithFixedDelay(closedLogWatch, 1, 1, TimeUnit.SECONDS);
        probing.scheduleWithFixedDelay(diskProbe, 1, 1, TimeUnit.SECONDS);
        watch.scheduleWithFixedDelay(membership::lookAtFollowers, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
        watch.scheduleWithFixedDelay(
                () -> EarlyElection.endLost(division), LOST_LOOK_MS, LOST_LOOK_MS, TimeUnit.MILLISECONDS);
        watch.execute(RaftNode::rehearse);
        checkpoints.start();
        leaderWatch = new LeaderWatch(this::division, new FellowVoters(server), voice, electionTimeoutMax);
    }

    /**
     * Has Ratis print a message. It does so when an old leader's stream ends, logged or not, which the first time takes a
     * follower some 70 ms that a new leader and its clients need.
     */
    private static void rehearse() {
        LOGGER.trace("{}", ProtoUtils.shortDebugString(AppendEntriesReplyProto.getDefaultInstance()));
    }

    /** The term in which this router leads and may serve, if it does now. */
    public OptionalLong servingTerm() {
        DivisionInfo info = division().getInfo();
        long term = info.getCurrentTerm();
        return info.isLeader() && info.isLeaderReady() && info.getCurrentTerm() == term
                ? OptionalLong.of(term)
                : OptionalLong.empty();
    }

    /** Who is in the cluster, for operators. */
    public Membership membership() {
        return membership;
    }

    /** The newest finished checkpoint of this router's state; it may be cleaned up once there are newer ones. */
    public Optional<Checkpoint> newestCheckpoint() {
        return stateMachine.newestCheckpoint();
    }

    /** What was done since the process began. */
    public RaftCounts counts() {
        return stateMachine.counts();
    }

    /** What the tables take; empty while they are closed. */
    public Optional<StoreUse> storeUse() {
        return stateMachine.storeUse();
    }

    /** The log for the submit thread. */
    public CommandLog log() {
        return submitter();
    }

    @Override
    public CompletableFuture<Void> awaitReadIndex() {
        return submitter().awaitReadIndex();
    }

    @Override
    public <T> T read(Function<StateView, T> query) {
        return stateMachine.read(query);
    }

    /** Where clients find the leader, or who is about to be, if one is known and it is not this router. */
    public Optional<String> otherLeaderAddress() {
        return leader().filter(peer -> !peer.getId().equals(server.getId()))
                .or(() -> membership.successor().flatMap(this::peer))
                .map(this::clientAddress);
    }

    /** Role, term and indexes now. */
    public RouterStatus status() {
        RaftServer.Division division = division();
        Optional<RaftPeer> leader = leader();
        List<Member> members = division.getRaftConf().getAllPeers().stream()
                .map(peer -> new Member(peer.getId().toString(), clientAddress(peer), peer.getAddress()))
                .sorted((a, b) -> a.id().compareTo(b.id()))
                .toList();
        return new RouterStatus(
                role(division),
                division.getInfo().getCurrentTerm(),
                leader.map(peer -> peer.getId().toString()),
                leader.map(this::clientAddress),
                division.getRaftLog().getLastCommittedIndex(),
                division.getCommitInfos().stream()
                        .mapToLong(CommitInfoProto::getCommitIndex)
                        .max()
                        .orElse(0),
                division.getInfo().getLastAppliedIndex(),
                stateMachine.newestIndex(),
                !division.getInfo().isLeader() || membership.hasMajority(),
                members);
    }

    private Role role(RaftServer.Division division) {
        if (division.getRaftConf().getPeer(server.getId()) == null) {
            // Waits to be added.
            return Role.STARTING;
        }
        if (division.getInfo().isLeader()) {
            return Role.LEADER;
        }
        if (division.getInfo().isCandidate()) {
            return Role.CANDIDATE;
        }
        return division.getInfo().isFollower() ? Role.FOLLOWER : Role.STARTING;
    }

    /** By our configuration, as Ratis remembers the addresses that the group was first started with. */
    private String clientAddress(RaftPeer peer) {
        return routers.stream()
                .filter(router -> router.id().equals(peer.getId().toString()))
                .map(router -> router.client().toString())
                .findFirst()
                .orElse(peer.getClientAddress());
    }

    private Optional<RaftPeer> leader() {
        return Optional.ofNullable(division().getInfo().getLeaderId()).flatMap(this::peer);
    }

    private Optional<RaftPeer> peer(RaftPeerId id) {
        return Optional.ofNullable(division().getRaftConf().getPeer(id));
    }

    @Override
    public void close() throws IOException {
        halt.stop();
        watch.shutdownNow();
        probing.shutdownNow();
        checkpoints.close();
        if (leaderWatch != null) {
            leaderWatch.close();
        }
        server.close();
    }

    /**
     * A leader hands over to another router, which is several times faster for clients than noticing its end. Blocks until
     * done or refused by all; does nothing on a follower.
     *
     * @return whether another router has taken over
     */
    public boolean handOver() {
        if (submitter == null || !division().getInfo().isLeader()) {
            return false;
        }
        for (RaftPeerId next : membership.followers()) {
            MembershipOutcome outcome = membership
                    .transfer(Optional.of(next.toString()), HAND_OVER_LIMIT)
                    .join();
            LOGGER.info("leadership is to go to {}: {}", next, outcome);
            if (outcome instanceof MembershipOutcome.Done) {
                return true;
            }
        }
        return false;
    }

    /** Of the last entry that this router's disk has. */
    private long syncedIndex() {
        return division().getRaftLog().getFlushIndex();
    }

    private RaftServer.Division division() {
        try {
            return server.getDivision(group.getGroupId());
        } catch (IOException e) {
            throw new LogUnavailableException("not a member of the group: " + e.getMessage());
        }
    }

    private RaftSubmitter submitter() {
        RaftSubmitter started = submitter;
        if (started == null) {
            throw new LogUnavailableException("not started");
        }
        return started;
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }
}
