package io.peerlink.server.edge;

import io.peerlink.protocol.v1.IntroduceResponse;
import io.peerlink.protocol.v1.RouterIdentity;
import io.peerlink.server.config.ServerConfig;
import io.peerlink.server.config.ServerConfig.RouterAddress;
import io.peerlink.server.identity.DataDirectory;
import io.peerlink.server.identity.DataDirectory.Owner;
import io.peerlink.server.identity.StartRefusedException;
import io.peerlink.server.raft.RouterStatus;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out routers that are not who their id says: each router remembers the incarnations of the others, so one that comes
 * back with an empty disk is told that it was somebody before. It forgot its votes and what it acknowledged, so it must not
 * count for a majority again. Asked before the start if the disk is empty, and afterwards until every other one was met, as
 * all may be starting at the same time.
 *
 * <p>An empty disk has nothing to lose, so before the start one voice of the cluster is enough, and so it is until this
 * router has met a majority of the others. After that it takes a majority of them, or the leader that it follows. A router of
 * another cluster is never believed.
 */
public final class Introductions {
    private static final Logger LOGGER = LoggerFactory.getLogger(Introductions.class);

    private final ServerConfig config;
    private final DataDirectory data;
    private final RouterCalls calls;
    private final Set<String> met = ConcurrentHashMap.newKeySet();
    private final RefusalVotes votes = new RefusalVotes();
    /** What was logged about an address last: said once, not each second. */
    private final Map<String, String> told = new ConcurrentHashMap<>();

    public Introductions(ServerConfig config, DataDirectory data, RouterCalls calls) {
        this.config = config;
        this.data = data;
        this.calls = calls;
    }

    /**
     * For a router whose disk is empty: asks the others that its configuration names. Blocks for up to two seconds.
     *
     * @throws StartRefusedException if one of them knows better
     */
    public void requireWelcome() {
        List<CompletableFuture<IntroduceResponse>> answers = config.routers().stream()
                .filter(router -> !router.id().equals(config.routerId()))
                .map(router -> calls.introduce(router.client().toString(), self(config, data.owner())))
                .toList();
        for (CompletableFuture<IntroduceResponse> answer : answers) {
            IntroduceResponse response =
                    answer.exceptionally(unreachable -> null).join();
            if (response != null && isOfThisCluster(response)) {
                refusal(data.owner(), response).ifPresent(refusal -> {
                    throw refusal;
                });
                if (!data.owner().joined() && response.getHasEntries() && !response.getMember()) {
                    throw new StartRefusedException(
                            response.getSelf().getRouterId() + " belongs to a running cluster that has no router "
                                    + config.routerId(),
                            "start with --join, then: peerlink cluster add " + config.routerId());
                }
            }
        }
    }

    /**
     * Introduces this router to those it has not met since its start. Does not block.
     *
     * @param status knows the members of today
     * @param refused told if this router must not go on
     */
    public void meetOthers(Supplier<RouterStatus> status, Consumer<StartRefusedException> refused) {
        RouterStatus now = status.get();
        Set<String> others = new HashSet<>();
        config.routers().stream().map(router -> router.client().toString()).forEach(others::add);
        now.members().forEach(member -> others.add(member.clientAddress()));
        others.remove(config.self().client().toString());
        others.removeIf(String::isEmpty);
        for (String address : others) {
            if (!met.contains(address)) {
                calls.introduce(address, self(config, data.owner())).whenComplete((response, unreachable) -> {
                    if (response != null) {
                        hear(address, response, now, others.size()).ifPresent(refused);
                    }
                });
            }
        }
    }

    /**
     * Judges an answer.
     *
     * @param now how this router stood when it asked
     * @param others how many other routers there are
     * @return why this router must not go on, if enough others say so
     */
    Optional<StartRefusedException> hear(String address, IntroduceResponse response, RouterStatus now, int others) {
        if (!isOfThisCluster(response)) {
            votes.withdraw(address);
            return Optional.empty();
        }
        RouterIdentity other = response.getSelf();
        Optional<StartRefusedException> refusal = refusal(data.owner(), response);
        if (refusal.isPresent()) {
            boolean leader = now.leaderId().filter(other.getRouterId()::equals).isPresent()
                    && now.leaderAddress().filter(address::equals).isPresent();
            tellOnce(
                    address,
                    other.getRouterId() + " refuses this router: "
                            + refusal.get().getMessage());
            return votes.refused(address, refusal.get(), others, leader || !isAcquainted());
        }
        votes.withdraw(address);
        if (!data.meet(other.getRouterId(), other.getIncarnation())) {
            tellOnce(address, other.getRouterId() + " came back without its data and must not take part");
        } else if (response.getKnownIncarnation().equals(data.owner().incarnation())) {
            met.add(address);
        }
        return Optional.empty();
    }

    /** Whether a majority of the others took this router for one of them, now or in an earlier run. */
    private boolean isAcquainted() {
        List<RouterAddress> others = config.routers().stream()
                .filter(router -> !router.id().equals(config.routerId()))
                .toList();
        long known = others.stream()
                .filter(router -> data.incarnationOf(router.id()).isPresent())
                .count();
        return RefusalVotes.isMajority(known, others.size());
    }

    private boolean isOfThisCluster(IntroduceResponse response) {
        RouterIdentity other = response.getSelf();
        boolean ours = other.getClusterId().equals(config.clusterId());
        if (!ours) {
            tellOnce(
                    other.getClientAddress(),
                    other.getRouterId() + " belongs to cluster " + other.getClusterId() + ", this router to "
                            + config.clusterId()
                            + "; it is not listened to: correct cluster-id or the list of routers");
        }
        return ours;
    }

    private void tellOnce(String address, String what) {
        if (!what.equals(told.put(address, what))) {
            LOGGER.error("at {}: {}", address, what);
        }
    }

    /** What another router of the same cluster has against this one. */
    private static Optional<StartRefusedException> refusal(Owner owner, IntroduceResponse response) {
        RouterIdentity other = response.getSelf();
        String known = response.getKnownIncarnation();
        if (!known.isEmpty() && !known.equals(owner.incarnation())) {
            return Optional.of(new StartRefusedException(
                    "the cluster knows router " + owner.routerId()
                            + " with other data than lies here; without them it must not vote",
                    "give it a new id in its file, start it with --join, then: peerlink cluster replace "
                            + owner.routerId() + " NEW_ID --client HOST:PORT --raft HOST:PORT"));
        }
        boolean otherJoined = new Owner("", "", "", other.getOrigin()).joined();
        if (!owner.joined() && !otherJoined && !other.getOrigin().equals(owner.origin())) {
            return Optional.of(new StartRefusedException(
                    other.getRouterId() + " began with " + other.getOrigin() + ", this router with " + owner.origin(),
                    "restore all from the same backup, or one and let the others join it"));
        }
        return Optional.empty();
    }

    /** Who this router is, for others. */
    static RouterIdentity self(ServerConfig config, Owner owner) {
        RouterAddress address = config.self();
        return RouterIdentity.newBuilder()
                .setClusterId(owner.clusterId())
                .setRouterId(owner.routerId())
                .setIncarnation(owner.incarnation())
                .setOrigin(owner.origin())
                .setClientAddress(address.client().toString())
                .setRaftAddress(address.raft().toString())
                .build();
    }
}
