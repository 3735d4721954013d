package io.peerlink.client.admin;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.peerlink.client.ErrorCode;
import io.peerlink.client.PeerLinkException;
import io.peerlink.client.RouterTrust;
import io.peerlink.client.admin.RouterInfo.RouterAddress;
import io.peerlink.client.identity.Identity;
import io.peerlink.client.session.Channels;
import io.peerlink.client.session.Endpoint;
import io.peerlink.client.session.ErrorMapper;
import io.peerlink.protocol.v1.AdministrationGrpc;
import io.peerlink.protocol.v1.AdministrationGrpc.AdministrationBlockingStub;
import io.peerlink.protocol.v1.BackupRequest;
import io.peerlink.protocol.v1.ChangeMembersRequest;
import io.peerlink.protocol.v1.CreateCheckpointRequest;
import io.peerlink.protocol.v1.CreateInviteRequest;
import io.peerlink.protocol.v1.ListInvitesRequest;
import io.peerlink.protocol.v1.ListInvitesResponse;
import io.peerlink.protocol.v1.LockPeerRequest;
import io.peerlink.protocol.v1.Replacement;
import io.peerlink.protocol.v1.RevokeInviteRequest;
import io.peerlink.protocol.v1.TransferLeadershipRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Changes a running cluster. What only the leader can do is done there, wherever it is; calls block. A refusal changes
 * nothing; {@link ErrorCode#OUTCOME_UNKNOWN} means that it may or may not be done. Thread-safe.
 */
public final class ClusterAdmin {
    private static final long POLL_MS = 100;
    private static final int INVITES_PAGE = 5_000;
    /** A new router first copies all of the state. */
    private static final Duration CHANGE_TIMEOUT_MIN = Duration.ofMinutes(10);
    /** Longer than any disk takes; that a router falls silent is noticed long before. */
    private static final Duration BACKUP_TIMEOUT = Duration.ofHours(12);

    private final List<String> servers;
    private final Duration timeout;
    private final ClusterClient routers;
    private final Channels channels;
    private final Optional<Identity> operator;

    /** As {@link #ClusterAdmin(List, Duration, RouterTrust)}, in plain text. */
    public ClusterAdmin(List<String> servers, Duration timeout) {
        this(servers, timeout, RouterTrust.plainText());
    }

    /**
     * @param servers client addresses of some of the cluster's routers, each host:port
     * @param timeout for finding the leader, and for all that does not copy data
     * @param trust how routers are told from others in their place
     * @throws IllegalArgumentException if one of the servers is not host:port with a port from 1 to 65535
     */
    public ClusterAdmin(List<String> servers, Duration timeout, RouterTrust trust) {
        this(servers, timeout, trust, Optional.empty());
    }

    /**
     * As {@link #ClusterAdmin(List, Duration, RouterTrust)}.
     *
     * @param operator whose key proves the calls; without one only a router that this machine alone reaches, and that lists no
     *     operators, takes them (OPERATOR_NEEDED)
     */
    public ClusterAdmin(List<String> servers, Duration timeout, RouterTrust trust, Optional<Identity> operator) {
        servers.forEach(Endpoint::of);
        this.servers = List.copyOf(servers);
        this.timeout = timeout;
        this.routers = new ClusterClient(timeout, trust);
        this.channels = new Channels(trust);
        this.operator = operator;
    }

    /** Adds a router that runs and waits to be added; returns the members once it votes. */
    public List<RouterAddress> add(RouterAddress router) {
        return change(ChangeMembersRequest.newBuilder().setAdd(protocol(router)).build());
    }

    /** Removes a router; returns the members that are left. */
    public List<RouterAddress> remove(String routerId) {
        return change(ChangeMembersRequest.newBuilder().setRemove(routerId).build());
    }

    /** Adds one router and removes another in one step; returns the members. */
    public List<RouterAddress> replace(String oldRouterId, RouterAddress router) {
        return change(ChangeMembersRequest.newBuilder()
                .setReplace(Replacement.newBuilder().setOldRouterId(oldRouterId).setReplacement(protocol(router)))
                .build());
    }

    private List<RouterAddress> change(ChangeMembersRequest request) {
        Duration patience = timeout.compareTo(CHANGE_TIMEOUT_MIN) > 0 ? timeout : CHANGE_TIMEOUT_MIN;
        return onLeader(leader -> decide(leader, patience, router -> router.changeMembers(request)))
                .getRoutersList()
                .stream()
                .map(router ->
                        new RouterAddress(router.getRouterId(), router.getClientAddress(), router.getRaftAddress()))
                .toList();
    }

    /**
     * Lets another router lead.
     *
     * @param routerId empty: the follower that has been in step longest
     * @return the new leader's id
     */
    public String transferLeadership(Optional<String> routerId) {
        TransferLeadershipRequest request = TransferLeadershipRequest.newBuilder()
                .setRouterId(routerId.orElse(""))
                .build();
        return onLeader(leader -> decide(leader, timeout, router -> router.transferLeadership(request)))
                .getLeaderId();
    }

    /**
     * Makes a code that lets whoever has it register once.
     *
     * @param name the only name that it is for; empty: any that is free
     * @param ttl from a minute to 365 days
     */
    public InviteCode createInvite(Optional<String> name, Duration ttl) {
        String code = InviteCode.random();
        CreateInviteRequest request = CreateInviteRequest.newBuilder()
                .setCodeHash(InviteCode.hash(code))
                .setName(name.orElse(""))
                .setTtlMs(ttl.toMillis())
                .build();
        long expiresAtMs = onLeader(leader -> decide(leader, timeout, router -> router.createInvite(request)))
                .getExpiresAtMs();
        return new InviteCode(code, Instant.ofEpochMilli(expiresAtMs));
    }

    /** Invites that were not used; some may have expired. The codes are known to nobody but their holders. */
    public List<InviteInfo> invites() {
        return invites(INVITES_PAGE);
    }

    /** As {@link #invites()}, asked for so many at a time. */
    List<InviteInfo> invites(int pageSize) {
        List<InviteInfo> all = new ArrayList<>();
        ByteString after = ByteString.EMPTY;
        while (true) {
            ListInvitesRequest request = ListInvitesRequest.newBuilder()
                    .setAfterCodeHash(after)
                    .setPageSize(pageSize)
                    .build();
            ListInvitesResponse page = onLeader(leader -> call(leader, timeout, router -> router.listInvites(request)));
            int size = page.getInvitesCount();
            // A router that knows no pages would answer with the same one for ever.
            if (size == 0 || page.getInvites(size - 1).getCodeHash().equals(after)) {
                return List.copyOf(all);
            }
            page.getInvitesList().forEach(invite -> all.add(InviteInfo.of(invite)));
            if (!page.getMore()) {
                return List.copyOf(all);
            }
            after = page.getInvites(size - 1).getCodeHash();
        }
    }

    /**
     * Makes a code good for nothing. Fails with INVITE_INVALID if there is no such invite.
     *
     * @param codeOrHash the code, or the SHA-256 in hex under which {@link #invites} lists it
     */
    public void revokeInvite(String codeOrHash) {
        RevokeInviteRequest request = RevokeInviteRequest.newBuilder()
                .setCodeHash(InviteCode.hashOrHash(codeOrHash))
                .build();
        onLeader(leader -> decide(leader, timeout, router -> router.revokeInvite(request)));
    }

    /**
     * Takes its key from a peer, at once, and ends its sessions; whoever has the code may give it another one. Inbox, groups and
     * history stay. Fails with UNKNOWN_NAME.
     */
    public InviteCode lockPeer(String peer, Duration ttl) {
        String code = InviteCode.random();
        LockPeerRequest request = LockPeerRequest.newBuilder()
                .setPeer(peer)
                .setCodeHash(InviteCode.hash(code))
                .setTtlMs(ttl.toMillis())
                .build();
        long expiresAtMs = onLeader(leader -> decide(leader, timeout, router -> router.lockPeer(request)))
                .getExpiresAtMs();
        return new InviteCode(code, Instant.ofEpochMilli(expiresAtMs));
    }

    /**
     * Makes a checkpoint of one router's state now.
     *
     * @param hostPort where it listens for clients
     * @return the log index that the checkpoint covers
     */
    public long checkpoint(String hostPort) {
        return call(hostPort, timeout, router -> router.createCheckpoint(CreateCheckpointRequest.getDefaultInstance()))
                .getIndex();
    }

    /**
     * Writes the cluster's state to disk here: the files of a checkpoint made for this, then {@code backup.json}. It comes from
     * the leader, which first proves that it is still that, so everything that was acknowledged before the call is in it.
     *
     * @param directory to be made, or empty
     * @throws UncheckedIOException if it cannot be written
     */
    public BackupInfo backup(Path directory) {
        return onLeader(leader -> backup(leader, BackupRequest.getDefaultInstance(), directory));
    }

    /**
     * As {@link #backup}, but what this one router has applied, leader or not: it may lag behind what was acknowledged. {@link
     * BackupInfo#index} tells how far it was.
     *
     * @param hostPort where the router listens for clients
     */
    public BackupInfo backupOf(String hostPort, Path directory) {
        return backup(hostPort, BackupRequest.newBuilder().setMayLag(true).build(), directory);
    }

    private BackupInfo backup(String hostPort, BackupRequest request, Path directory) {
        return call(hostPort, BACKUP_TIMEOUT, router -> {
            try {
                return new BackupDownload(directory, router.backup(request)).run();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot write " + directory, e);
            }
        });
    }

    /** Where the leader listens for clients; waits for one as long as calls may take. */
    public String leaderAddress() {
        long deadline = System.nanoTime() + timeout.toNanos();
        do {
            Optional<String> leader = servers.stream()
                    .flatMap(server -> leaderBy(server).stream())
                    .findFirst();
            if (leader.isPresent()) {
                return leader.get();
            }
            pause();
        } while (System.nanoTime() < deadline);
        throw new PeerLinkException(
                ErrorCode.UNAVAILABLE,
                "no router of " + String.join(",", servers) + " knows a leader",
                "peerlink cluster status tells how they are",
                true);
    }

    private Optional<String> leaderBy(String server) {
        try {
            RouterInfo router = routers.router(server);
            return router.ready()
                    ? Optional.of(server)
                    : router.leader()
                            .filter(leader -> !leader.routerId().equals(router.routerId()))
                            .map(RouterInfo.Leader::address)
                            .filter(address -> !address.isEmpty());
        } catch (PeerLinkException e) {
            if (e.code().isDistrust()) {
                throw e;
            }
            // Another one may answer.
            return Optional.empty();
        }
    }

    /** Runs a task with the leader's address, again with another one as long as those asked say that they do not lead. */
    private <T> T onLeader(Function<String, T> task) {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            try {
                return task.apply(leaderAddress());
            } catch (PeerLinkException e) {
                if (e.code() != ErrorCode.NOT_LEADER || System.nanoTime() >= deadline) {
                    throw e;
                }
                pause();
            }
        }
    }

    /** A call that changes something: without an answer nobody knows whether it did. */
    private <T> T decide(String leader, Duration patience, Function<AdministrationBlockingStub, T> task) {
        try {
            return call(leader, patience, task);
        } catch (PeerLinkException e) {
            if (e.code() != ErrorCode.UNAVAILABLE) {
                throw e;
            }
            throw new PeerLinkException(
                    ErrorCode.OUTCOME_UNKNOWN,
                    "the leader at " + leader + " did not answer; it may or may not be done",
                    "look how things are now (peerlink cluster members, peerlink admin invites), then try again; lock once more if a"
                            + " code got lost",
                    true,
                    e);
        }
    }

    private <T> T call(String hostPort, Duration patience, Function<AdministrationBlockingStub, T> task) {
        ManagedChannel channel = channels.openWatched(hostPort);
        try {
            AdministrationBlockingStub stub = AdministrationGrpc.newBlockingStub(channel);
            if (operator.isPresent()) {
                stub = stub.withInterceptors(OperatorProofs.challenged(operator.get(), channel, timeout));
            }
            return task.apply(stub.withDeadlineAfter(patience.toNanos(), TimeUnit.NANOSECONDS));
        } catch (StatusRuntimeException e) {
            throw ErrorMapper.of(hostPort, e);
        } finally {
            channel.shutdownNow();
        }
    }

    private static io.peerlink.protocol.v1.RouterAddress protocol(RouterAddress router) {
        return io.peerlink.protocol.v1.RouterAddress.newBuilder()
                .setRouterId(router.routerId())
                .setClientAddress(router.clientAddress())
                .setRaftAddress(router.raftAddress())
                .build();
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PeerLinkException(ErrorCode.INTERRUPTED, "interrupted while waiting for a leader", "", true, e);
        }
    }
}
