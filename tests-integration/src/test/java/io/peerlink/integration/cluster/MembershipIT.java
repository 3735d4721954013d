package io.peerlink.integration.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.peerlink.cli.local.LocalRouter;
import io.peerlink.client.ErrorCode;
import io.peerlink.client.PeerLinkException;
import io.peerlink.client.admin.ClusterAdmin;
import io.peerlink.client.admin.RouterInfo;
import io.peerlink.client.admin.RouterInfo.RouterAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The set of routers changes while they work: one more, one less, another leader, a lost disk. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class MembershipIT {
    private static final int START_REFUSED = 4;

    @RegisterExtension
    static final TestCluster CLUSTER = TestCluster.ofThree();

    private static ClusterAdmin admin() {
        return new ClusterAdmin(CLUSTER.servers(), Duration.ofSeconds(20));
    }

    private static RouterAddress address(LocalRouter router) {
        return new RouterAddress(router.id(), router.clientAddress(), router.raftAddress());
    }

    private static List<String> ids(List<RouterAddress> members) {
        return members.stream().map(RouterAddress::routerId).sorted().toList();
    }

    private static LocalRouter join(String id) {
        return join(CLUSTER.prepareRouter(id));
    }

    private static LocalRouter join(LocalRouter router) {
        router.join();
        await(router.id() + " answers")
                .atMost(TestCluster.PATIENCE)
                .until(() -> CLUSTER.find(router).isPresent());
        return router;
    }

    private static void wipe(LocalRouter router) throws IOException {
        try (Stream<Path> tree = Files.walk(router.data())) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static void awaitInStep(LocalRouter router) {
        await(router.id() + " has applied what the leader has")
                .atMost(TestCluster.PATIENCE)
                .until(() -> CLUSTER.info(router).log().applied()
                        >= CLUSTER.info(CLUSTER.leader()).log().committed());
    }

    @Test
    @Order(1)
    void badRequestsAreRefusedAndChangeNothing() {
        RouterAddress nobody = new RouterAddress("n9", "127.0.0.1:1", "127.0.0.1:2");
        assertRefused(ErrorCode.ROUTER_UNREACHABLE, () -> admin().add(nobody));
        assertRefused(ErrorCode.BAD_ROUTER, () -> admin().add(new RouterAddress("N 9", "127.0.0.1:1", "127.0.0.1:2")));
        assertRefused(ErrorCode.BAD_ROUTER, () -> admin().add(new RouterAddress("n9", "nowhere", "127.0.0.1:2")));
        RouterAddress leader = address(CLUSTER.leader());
        assertRefused(
                ErrorCode.BAD_ROUTER,
                () -> admin().add(new RouterAddress("n9", leader.clientAddress(), leader.raftAddress())));
        assertRefused(ErrorCode.UNKNOWN_ROUTER, () -> admin().remove("n9"));
        assertRefused(ErrorCode.UNKNOWN_ROUTER, () -> admin().transferLeadership(Optional.of("n9")));
        assertThat(ids(CLUSTER.info(CLUSTER.leader()).routers())).containsExactly("n1", "n2", "n3");
    }

    private static void assertRefused(ErrorCode code, Runnable request) {
        assertThatThrownBy(request::run).isInstanceOfSatisfying(PeerLinkException.class, refusal -> {
            assertThat(refusal.code()).isEqualTo(code);
            assertThat(refusal.hint()).isNotEmpty();
        });
    }

    @Test
    @Order(2)
    void leadershipGoesWhereItIsToldUnderLoad() {
        try (Load load = Load.start(CLUSTER, "transfer")) {
            load.awaitMore(200);
            LocalRouter follower = CLUSTER.follower();
            assertThat(admin().transferLeadership(Optional.of(follower.id()))).isEqualTo(follower.id());
            assertThat(CLUSTER.leader().id()).isEqualTo(follower.id());
            load.awaitMore(200);
            String next = admin().transferLeadership(Optional.empty());
            assertThat(next).isNotEqualTo(follower.id());
            load.awaitMore(200);
            load.finish();
        }
        CLUSTER.awaitEqualDigests();
    }

    @Test
    @Order(3)
    void checkpointsAreMadeOnDemandUnderLoad() {
        try (Load load = Load.start(CLUSTER, "checkpoint")) {
            load.awaitMore(100);
            for (LocalRouter router : CLUSTER.routers()) {
                long applied = CLUSTER.info(router).log().applied();
                assertThat(admin().checkpoint(router.clientAddress())).isGreaterThanOrEqualTo(applied);
            }
            load.finish();
        }
    }

    @Test
    @Order(4)
    void aWipedFollowerIsRefusedAndRejoinsUnderANewIdWhileTheClusterIsIdle() throws IOException {
        LocalRouter lost = CLUSTER.follower();
        CLUSTER.kill(lost);
        wipe(lost);
        lost.start();
        assertThat(lost.exitStatus()).isEqualTo(START_REFUSED);
        assertThat(Files.readString(lost.log())).contains("START_REFUSED", "peerlink cluster replace " + lost.id());

        CLUSTER.forget(lost);
        LocalRouter newcomer = join(CLUSTER.prepareSuccessor(lost, "n4"));
        long committed = CLUSTER.info(CLUSTER.leader()).log().committed();
        await("the leader, which goes on writing to the lost router's address")
                .atMost(TestCluster.PATIENCE)
                .until(() -> CLUSTER.info(CLUSTER.leader()).log().committed() > committed + 2);
        assertThat(CLUSTER.info(newcomer).log().applied())
                .as("what a router takes that nobody added")
                .isZero();
        assertThat(ids(admin().replace(lost.id(), address(newcomer))))
                .contains("n4")
                .doesNotContain(lost.id())
                .hasSize(3);
        awaitInStep(newcomer);
        CLUSTER.awaitEqualDigests();
    }

    @Test
    @Order(5)
    void aRouterIsAddedUnderLoadAndLeadsAndClientsFindIt() {
        LocalRouter newcomer = join("n5");
        List<String> before = CLUSTER.servers().stream()
                .filter(server -> !server.equals(newcomer.clientAddress()))
                .toList();
        try (Load load = Load.start(CLUSTER, "add")) {
            load.awaitMore(200);
            assertThat(ids(admin().add(address(newcomer)))).contains("n5").hasSize(4);
            assertThat(ids(admin().add(address(newcomer)))).as("asked again").hasSize(4);
            assertThat(admin().transferLeadership(Optional.of("n5"))).isEqualTo("n5");
            load.awaitMore(200);
            try (TestPeer unaware = new TestPeer("unaware", before, new DeliveryLedger())) {
                assertThat(unaware.sent("unaware").sequence()).isPositive();
            }
            load.finish();
        }
        CLUSTER.awaitEqualDigests();
    }

    @Test
    @Order(6)
    void aLeaderIsRemovedUnderLoadAndStopsAndItsIdIsNotUsedAgain() throws IOException {
        LocalRouter leaving = CLUSTER.leader();
        try (Load load = Load.start(CLUSTER, "remove")) {
            load.awaitMore(200);
            assertThat(ids(admin().remove(leaving.id())))
                    .doesNotContain(leaving.id())
                    .hasSize(3);
            load.awaitMore(200);
            await(leaving.id() + " stops").atMost(TestCluster.PATIENCE).until(() -> !leaving.isRunning());
            load.finish();
        }
        wipe(leaving);
        leaving.join();
        assertThat(leaving.exitStatus()).isEqualTo(START_REFUSED);
        CLUSTER.forget(leaving);
        CLUSTER.awaitEqualDigests();
    }

    @Test
    @Order(7)
    void theLastMajorityIsNotRemoved() {
        LocalRouter down = CLUSTER.follower();
        CLUSTER.kill(down);
        LocalRouter other = CLUSTER.follower();
        assertRefused(ErrorCode.CHANGE_REFUSED, () -> admin().remove(other.id()));
        assertThat(CLUSTER.info(CLUSTER.leader()).routers()).hasSize(3);
        CLUSTER.start(down);
        assertThat(CLUSTER.info(down).role()).isEqualTo(RouterInfo.Role.FOLLOWER);
    }
}
