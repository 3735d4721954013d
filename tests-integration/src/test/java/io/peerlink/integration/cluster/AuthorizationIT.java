package io.peerlink.integration.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.peerlink.cli.local.LocalRouter;
import io.peerlink.cli.local.OperatorEntry;
import io.peerlink.client.ErrorCode;
import io.peerlink.client.GroupInvitation;
import io.peerlink.client.GroupMember;
import io.peerlink.client.GroupRole;
import io.peerlink.client.OutgoingMessage;
import io.peerlink.client.PeerLinkClient;
import io.peerlink.client.PeerLinkException;
import io.peerlink.client.admin.ClusterAdmin;
import io.peerlink.client.admin.ClusterClient;
import io.peerlink.client.admin.InviteCode;
import io.peerlink.client.admin.InviteInfo;
import io.peerlink.client.admin.RouterInfo;
import io.peerlink.client.identity.Identity;
import io.peerlink.server.audit.AuditCheck;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Who may register, act as a peer, manage a group and administrate, on three routers that speak TLS, ask for invites, list one
 * operator, and have a file with more of them. After each test every router holds the same, and its audit log follows from
 * line to line through its files.
 */
final class AuthorizationIT {
    private static final Identity ANN = Identity.generate("ann");
    private static final Identity BEA = Identity.generate("bea");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Path OPERATORS = listing(BEA);

    @RegisterExtension
    static final TestCluster CLUSTER = TestCluster.ofThree()
            .withTls()
            .with("access { registration = invite, audit-bytes = 4 KiB, " + OperatorEntry.of(ANN) + " }")
            .with("access.operators-file = \"" + OPERATORS + "\"");

    private static Path listing(Identity operator) {
        try {
            Path file = Files.createTempFile("operators", ".conf");
            file.toFile().deleteOnExit();
            return Files.writeString(file, OperatorEntry.of(operator));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String audited(LocalRouter router) throws IOException {
        StringBuilder all = new StringBuilder();
        for (int i = 1; Files.exists(router.data().resolve("audit.log." + i)); i++) {
            all.append(Files.readString(router.data().resolve("audit.log." + i)));
        }
        return all.append(Files.readString(router.data().resolve("audit.log"))).toString();
    }

    @AfterEach
    void everyRouterHoldsTheSame() throws IOException {
        await("equal digests").atMost(TestCluster.PATIENCE).until(() -> {
            List<Optional<RouterInfo.StateDigest>> digests = CLUSTER.routers().stream()
                    .map(router -> asked(Optional.of(ANN))
                            .routerWithDigest(router.clientAddress())
                            .digest())
                    .distinct()
                    .toList();
            return digests.size() == 1 && digests.get(0).isPresent();
        });
        for (LocalRouter router : CLUSTER.routers()) {
            assertThat(AuditCheck.of(router.data())).isInstanceOf(AuditCheck.Verdict.Whole.class);
        }
    }

    private static ClusterAdmin admin(Optional<Identity> operator) {
        return new ClusterAdmin(CLUSTER.servers(), TestCluster.PATIENCE, CLUSTER.trust(), operator);
    }

    private static ClusterClient asked(Optional<Identity> operator) {
        return new ClusterClient(TestCluster.PATIENCE, CLUSTER.trust(), operator);
    }

    private static PeerLinkClient client(Identity who, String invite) {
        return PeerLinkClient.builder()
                .servers(CLUSTER.servers())
                .trust(CLUSTER.trust())
                .identity(who)
                .inviteCode(invite)
                .connectTimeout(TestCluster.PATIENCE)
                .build();
    }

    private static PeerLinkClient registered(Identity who) {
        InviteCode invite = admin(Optional.of(ANN)).createInvite(Optional.of(who.name()), HOUR);
        return client(who, invite.code()).connect();
    }

    private static PeerLinkClient registered(String name) {
        return registered(Identity.generate(name));
    }

    private static void assertCannotAttach(Identity who, String invite, ErrorCode code) {
        try (PeerLinkClient refused = client(who, invite)) {
            assertThatThrownBy(refused::connect)
                    .isInstanceOfSatisfying(
                            PeerLinkException.class, e -> assertThat(e.code()).isEqualTo(code));
        }
    }

    private static void assertRefused(CompletableFuture<?> request, ErrorCode code) {
        assertThatThrownBy(request::join)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        PeerLinkException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private static void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, ErrorCode code) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        PeerLinkException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void anInviteIsGoodOnceOnWhicheverRouterLeads() {
        assertCannotAttach(Identity.generate("uninvited"), "", ErrorCode.INVITE_NEEDED);
        assertCannotAttach(Identity.generate("uninvited"), "plinv_guess", ErrorCode.INVITE_INVALID);
        InviteCode any = admin(Optional.of(ANN)).createInvite(Optional.empty(), HOUR);
        InviteCode revoked = admin(Optional.of(ANN)).createInvite(Optional.empty(), HOUR);
        Identity invited = Identity.generate("invited");
        client(invited, any.code()).connect().close();
        client(invited, "").connect().close();

        LocalRouter former = CLUSTER.leader();
        CLUSTER.kill(former);
        CLUSTER.leaderOtherThan(former);
        assertCannotAttach(Identity.generate("late"), any.code(), ErrorCode.INVITE_INVALID);
        assertThat(admin(Optional.of(ANN)).invites())
                .extracting(InviteInfo::operator)
                .contains("ann");
        admin(Optional.of(ANN)).revokeInvite(revoked.code());
        assertCannotAttach(Identity.generate("late"), revoked.code(), ErrorCode.INVITE_INVALID);
        assertRefused(() -> admin(Optional.of(ANN)).revokeInvite(revoked.code()), ErrorCode.INVITE_INVALID);
        CLUSTER.start(former);
    }

    @Test
    void administrationNeedsAnOperatorsKeyAndIsWrittenDown() throws IOException {
        for (Optional<Identity> nobody : List.of(Optional.<Identity>empty(), Optional.of(Identity.generate("ann")))) {
            ClusterAdmin stranger = admin(nobody);
            assertRefused(stranger::invites, ErrorCode.OPERATOR_NEEDED);
            assertRefused(() -> stranger.createInvite(Optional.empty(), HOUR), ErrorCode.OPERATOR_NEEDED);
            assertRefused(() -> stranger.lockPeer("bob", HOUR), ErrorCode.OPERATOR_NEEDED);
            assertRefused(() -> stranger.transferLeadership(Optional.empty()), ErrorCode.OPERATOR_NEEDED);
            assertRefused(() -> stranger.remove("n1"), ErrorCode.OPERATOR_NEEDED);
            String leader = CLUSTER.leader().clientAddress();
            assertRefused(() -> stranger.checkpoint(leader), ErrorCode.OPERATOR_NEEDED);
            assertRefused(() -> stranger.backup(CLUSTER.directory().resolve("stolen")), ErrorCode.OPERATOR_NEEDED);
            assertRefused(() -> asked(nobody).routerWithDigest(leader), ErrorCode.OPERATOR_NEEDED);
            assertThat(asked(nobody).router(leader).ready()).isTrue();
        }

        LocalRouter leader = CLUSTER.leader();
        assertThat(Scrape.of(leader).series())
                .hasEntrySatisfying(
                        "peerlink_operator_calls_total{result=\"refused\"}",
                        refused -> assertThat(refused).isGreaterThanOrEqualTo(2));
        admin(Optional.of(ANN)).checkpoint(leader.clientAddress());
        assertThat(asked(Optional.of(ANN))
                        .routerWithDigest(leader.clientAddress())
                        .digest())
                .isPresent();
        assertThat(audited(leader))
                .contains(
                        "\"operator\":\"ann\",\"call\":\"GetRouter\",\"what\":\"with_digest=true\",\"result\":\"asked\"")
                .contains("\"operator\":\"ann\",\"call\":\"CreateCheckpoint\",\"what\":\"\",\"result\":\"asked\"")
                .contains("\"operator\":\"ann\",\"call\":\"CreateCheckpoint\",\"what\":\"\",\"result\":\"done\"")
                .doesNotContain("loopback")
                .doesNotContain("Backup");
        assertThat(Files.readString(leader.log()))
                .as("a stranger writes nothing into the log")
                .doesNotContain("a backup did not end well");
    }

    @Test
    void whoIsTakenOffTheFileIsNoOperatorAnyMore() throws IOException {
        for (LocalRouter router : CLUSTER.routers()) {
            admin(Optional.of(BEA)).checkpoint(router.clientAddress());
        }

        Files.writeString(OPERATORS, "operators = [ half a list");
        for (LocalRouter router : CLUSTER.routers()) {
            await("what is bad is not taken")
                    .atMost(TestCluster.PATIENCE)
                    .until(() -> Files.readString(router.log()).contains("the operators from before stay"));
            admin(Optional.of(BEA)).checkpoint(router.clientAddress());
        }

        Files.writeString(OPERATORS, "");
        for (LocalRouter router : CLUSTER.routers()) {
            await("bea is gone")
                    .atMost(TestCluster.PATIENCE)
                    .untilAsserted(() -> assertRefused(
                            () -> admin(Optional.of(BEA)).checkpoint(router.clientAddress()),
                            ErrorCode.OPERATOR_NEEDED));
            admin(Optional.of(ANN)).checkpoint(router.clientAddress());
            assertThat(AuditCheck.of(router.data()))
                    .isInstanceOfSatisfying(
                            AuditCheck.Verdict.Whole.class,
                            whole -> assertThat(whole.lines()).isGreaterThan(4));
        }
    }

    @Test
    void aNewKeyEndsWhatTheOldOneOpened() {
        Identity old = Identity.generate("rotates");
        Identity next = Identity.generate("rotates");
        Identity thief = Identity.generate("rotates");
        try (PeerLinkClient own = registered(old);
                PeerLinkClient elsewhere = client(old, "").connect();
                PeerLinkClient friend = registered("rotates-friend")) {
            own.rotateKey(next).join();
            await("the other session ends")
                    .atMost(TestCluster.PATIENCE)
                    .until(() -> elsewhere.state() == io.peerlink.client.ConnectionState.REFUSED);
            assertCannotAttach(old, "", ErrorCode.NAME_TAKEN);
            assertCannotAttach(thief, "", ErrorCode.NAME_TAKEN);
            friend.send(OutgoingMessage.text("rotates", "still you"));
            try (PeerLinkClient renewed = client(next, "").connect()) {
                assertThat(renewed.pending(Optional.empty()).join().count()).isEqualTo(1);
            }
        }
    }

    @Test
    void aLockedPeerComesBackWithTheCode() {
        Identity lost = Identity.generate("loses-key");
        Identity fresh = Identity.generate("loses-key");
        try (PeerLinkClient own = registered(lost)) {
            own.createGroup("lost-group").join();
            InviteCode code = admin(Optional.of(ANN)).lockPeer("loses-key", HOUR);
            await("its session ends")
                    .atMost(TestCluster.PATIENCE)
                    .until(() -> own.state() == io.peerlink.client.ConnectionState.REFUSED);
            assertCannotAttach(lost, "", ErrorCode.NAME_TAKEN);
            assertCannotAttach(fresh, "plinv_guess", ErrorCode.INVITE_INVALID);
            try (PeerLinkClient again = client(fresh, code.code()).connect()) {
                assertThat(again.groups().join()).containsExactly("lost-group");
            }
            assertCannotAttach(Identity.generate("loses-key"), code.code(), ErrorCode.NAME_TAKEN);
        }
    }

    @Test
    void aGroupIsManagedByRole() {
        try (PeerLinkClient alice = registered("role-alice");
                PeerLinkClient bob = registered("role-bob");
                PeerLinkClient carol = registered("role-carol")) {
            alice.createPrivateGroup("roles").join();
            assertRefused(bob.joinGroup("roles"), ErrorCode.NOT_INVITED);
            assertRefused(bob.manage("roles").invite("role-carol"), ErrorCode.NOT_A_MEMBER);
            alice.manage("roles").invite("role-bob").join();
            alice.manage("roles").invite("role-carol").join();
            assertThat(bob.invitations().join()).extracting(GroupInvitation::by).containsExactly("role-alice");
            bob.joinGroup("roles").join();
            carol.joinGroup("roles").join();
            assertThat(bob.invitations().join()).isEmpty();
            alice.manage("roles").setRole("role-bob", GroupRole.ADMIN).join();
            bob.manage("roles").setRole("role-carol", GroupRole.READER).join();
            assertRefused(carol.sendAsync(OutgoingMessage.text("roles", "x")), ErrorCode.READ_ONLY);
            assertRefused(bob.manage("roles").remove("role-alice"), ErrorCode.ROLE_TOO_LOW);
            assertRefused(alice.leaveGroup("roles"), ErrorCode.LAST_OWNER);
            assertThat(alice.members("roles").join())
                    .extracting(GroupMember::role)
                    .containsExactly(GroupRole.OWNER, GroupRole.ADMIN, GroupRole.READER);

            LocalRouter former = CLUSTER.leader();
            CLUSTER.kill(former);
            bob.manage("roles").ban("role-carol").join();
            assertRefused(carol.joinGroup("roles"), ErrorCode.BANNED);
            assertRefused(carol.members("roles"), ErrorCode.NOT_A_MEMBER);
            alice.manage("roles").handOver("role-bob").join();
            alice.leaveGroup("roles").join();
            assertRefused(bob.leaveGroup("roles"), ErrorCode.LAST_OWNER);
            bob.manage("roles").unban("role-carol").join();
            bob.manage("roles").delete().join();
            assertRefused(carol.joinGroup("roles"), ErrorCode.UNKNOWN_NAME);
            assertRefused(carol.createGroup("roles"), ErrorCode.NAME_TAKEN);
            assertThat(bob.groups().join()).isEmpty();
            CLUSTER.start(former);
        }
    }

    @Test
    void aBlockedPeerIsToldOfNobody() {
        try (PeerLinkClient alice = registered("block-alice");
                PeerLinkClient mallory = registered("block-mallory")) {
            alice.block("block-mallory").join();
            assertThat(alice.blocked().join()).containsExactly("block-mallory");
            for (String to : List.of("block-alice", "block-nobody")) {
                assertRefused(mallory.sendAsync(OutgoingMessage.text(to, "x")), ErrorCode.UNKNOWN_NAME);
            }
            mallory.createGroup("block-trap").join();
            assertRefused(mallory.manage("block-trap").invite("block-alice"), ErrorCode.UNKNOWN_NAME);
            alice.unblock("block-mallory").join();
            mallory.send(OutgoingMessage.text("block-alice", "sorry"));
        }
    }
}
