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
 */
public final class Introductions {
    private static final Logger LOGGER = LoggerFactory.getLogger(Introductions.class);

    private final ServerConfig config;
    private final DataDirectory data;
    private final Set<String> met = ConcurrentHashMap.newKeySet();

    public Introductions(ServerConfig config, DataDirectory data) {
        this.config = config;
        this.data = data;
    }

    /**
     * For a router whose disk is empty: asks the others that its configuration names. Blocks for up to two seconds.
     *
     * @throws StartRefusedException if one of them knows better
     */
    public void requireWelcome() {
        List<CompletableFuture<IntroduceResponse>> answers = config.routers().stream()
                .filter(router -> !router.id().equals(config.routerId()))
                .map(router -> RouterCalls.introduce(router.client().toString(), self(config, data.owner())))
                .toList();
        for (CompletableFuture<IntroduceResponse> answer : answers) {
            IntroduceResponse response =
                    answer.exceptionally(unreachable -> null).join();
            if (response != null) {
                check(response);
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
        Set<String> addresses = new HashSet<>();
        config.routers().stream().map(router -> router.client().toString()).forEach(addresses::add);
        status.get().members().forEach(member -> addresses.add(member.clientAddress()));
        addresses.remove(config.self().client().toString());
        addresses.removeAll(met);
        addresses.removeIf(String::isEmpty);
        for (String address : addresses) {
            RouterCalls.introduce(address, self(config, data.owner())).whenComplete((response, unreachable) -> {
                if (response != null) {
                    meet(address, response, refused);
                }
            });
        }
    }

    private void meet(String address, IntroduceResponse response, Consumer<StartRefusedException> refused) {
        try {
            check(response);
            RouterIdentity other = response.getSelf();
            if (!data.meet(other.getRouterId(), other.getIncarnation())) {
                LOGGER.error(
                        "{} at {} came back without its data and must not take part", other.getRouterId(), address);
            } else if (response.getKnownIncarnation().equals(data.owner().incarnation())) {
                met.add(address);
            }
        } catch (StartRefusedException e) {
            refused.accept(e);
        }
    }

    private void check(IntroduceResponse response) {
        Owner owner = data.owner();
        RouterIdentity other = response.getSelf();
        if (!other.getClusterId().equals(owner.clusterId())) {
            throw new StartRefusedException(
                    other.getClientAddress() + " belongs to cluster " + other.getClusterId() + ", this router to "
                            + owner.clusterId(),
                    "correct cluster-id or the list of routers");
        }
        String known = response.getKnownIncarnation();
        if (!known.isEmpty() && !known.equals(owner.incarnation())) {
            throw new StartRefusedException(
                    "the cluster knows router " + owner.routerId()
                            + " with other data than lies here; without them it must not vote",
                    "give it a new id in its file, start it with --join, then: peerlink cluster replace "
                            + owner.routerId() + " NEW_ID --client HOST:PORT --raft HOST:PORT");
        }
        boolean otherJoined = new Owner("", "", "", other.getOrigin()).joined();
        if (!owner.joined() && !otherJoined && !other.getOrigin().equals(owner.origin())) {
            throw new StartRefusedException(
                    other.getRouterId() + " began with " + other.getOrigin() + ", this router with " + owner.origin(),
                    "restore all from the same backup, or one and let the others join it");
        }
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
