package io.peerlink.integration.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.stub.StreamObserver;
import io.peerlink.cli.local.LocalCluster;
import io.peerlink.cli.local.OperatorEntry;
import io.peerlink.cli.local.RouterPlace;
import io.peerlink.cli.tls.ClusterCertificates;
import io.peerlink.client.ConnectionState;
import io.peerlink.client.ErrorCode;
import io.peerlink.client.OutgoingMessage;
import io.peerlink.client.PeerLinkClient;
import io.peerlink.client.PeerLinkException;
import io.peerlink.client.RouterTrust;
import io.peerlink.client.admin.RouterInfo;
import io.peerlink.client.identity.Identity;
import io.peerlink.integration.torture.ground.Ground;
import io.peerlink.protocol.v1.Attach;
import io.peerlink.protocol.v1.Attached;
import io.peerlink.protocol.v1.ClientFrame;
import io.peerlink.protocol.v1.Error;
import io.peerlink.protocol.v1.ListGroupsRequest;
import io.peerlink.protocol.v1.RouterFrame;
import io.peerlink.protocol.v1.RouterGrpc;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three routers with TLS in network namespaces of their own, and what somebody on that network may try. What is refused before
 * the log leaves every router's state digest as it was; what the log decides leaves no message, member or key. The routers'
 * own rare entries (ticks, comparisons) change the digest too, so a trial in which one came between is made again.
 */
final class BeyondLoopbackIT {
    private static final int ROUTERS = 3;
    private static final Duration PATIENCE = TestCluster.PATIENCE;
    private static final Identity OPERATOR = Identity.generate("operator");
    private static final String CONFIG = "access { registration = open, " + OperatorEntry.of(OPERATOR)
            + " }\nraft { election-timeout-min = 1s, election-timeout-max = 2s }\ntick = 1m\n";

    private static @Nullable Ground ground;
    private static @Nullable LocalCluster running;

    @TempDir
    private static Path directory;

    private static RouterTrust trust = RouterTrust.plainText();
    private static Path shown = Path.of("");

    @BeforeAll
    static void start() throws IOException, GeneralSecurityException {
        Ground laid = Ground.lay(Set.of(Ground.Need.NETWORK), ROUTERS, directory);
        ground = laid;
        String obstacle = laid.obstacle(Ground.Need.NETWORK).orElse("");
        assumeTrue(obstacle.isEmpty(), "SKIPPED: nothing is tried beyond loopback: " + obstacle);
        List<RouterPlace> places = IntStream.range(0, ROUTERS)
                .mapToObj(i -> laid.place(i, Map.of()))
                .toList();
        ClusterCertificates made = ClusterCertificates.create(directory.resolve("tls"));
        shown = made.issue(places.stream().map(RouterPlace::host).toList(), Duration.ofDays(1), false);
        trust = RouterTrust.authority(made.authority());
        LocalCluster cluster = LocalCluster.prepare(
                        Distribution.home(),
                        directory.resolve("cluster"),
                        places,
                        CONFIG + ClusterCertificates.configuration(shown))
                .trusting(trust)
                .operatedBy(OPERATOR);
        running = cluster;
        cluster.start();
        cluster.awaitLeader(PATIENCE);
    }

    @AfterAll
    static void end() {
        if (running != null) {
            running.close();
        }
        if (ground != null) {
            ground.close();
        }
    }

    private static LocalCluster cluster() {
        return Objects.requireNonNull(running);
    }

    private static String leader() {
        return cluster().awaitLeader(PATIENCE).clientAddress();
    }

    /** The one digest of all routers. */
    private static String digest() {
        return await().atMost(PATIENCE)
                .until(
                        () -> cluster().digests().stream()
                                .flatMap(info -> info.digest().stream())
                                .map(RouterInfo.StateDigest::hex)
                                .toList(),
                        all -> all.size() == ROUTERS && Set.copyOf(all).size() == 1)
                .get(0);
    }

    private static void leavesNoTrace(Runnable trial) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(() -> {
            String before = digest();
            trial.run();
            return digest().equals(before);
        });
    }

    private static ChannelCredentials channelTrust() {
        try {
            return TlsChannelCredentials.newBuilder()
                    .trustManager(shown.resolve("ca.pem").toFile())
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RawSession open() {
        return RawSession.open(leader(), channelTrust());
    }

    private static ByteString certificate() {
        return ShownCertificate.in(shown.resolve("router.pem"));
    }

    private static PeerLinkClient client(Identity who, RouterTrust trusting, List<String> servers) {
        return PeerLinkClient.builder()
                .servers(servers)
                .trust(trusting)
                .identity(who)
                .connectTimeout(PATIENCE)
                .build();
    }

    private static ErrorCode refusal(Identity who, RouterTrust trusting, List<String> servers) {
        try (PeerLinkClient client = client(who, trusting, servers)) {
            PeerLinkException refused = catchThrowableOfType(PeerLinkException.class, client::connect);
            assertThat(refused).isNotNull();
            return refused.code();
        }
    }

    @Test
    void routersListenBeyondLoopbackAndPeersTalk() {
        Identity self = Identity.generate("self");
        assertThat(leader()).doesNotStartWith("127.");
        try (PeerLinkClient client = client(self, trust, cluster().servers()).connect()) {
            assertThat(client.attachment().orElseThrow().registered()).isTrue();
        }
    }

    @Test
    void aRouterOfAnotherAuthorityIsLeft() throws IOException, GeneralSecurityException {
        RouterTrust other =
                RouterTrust.authority(ClusterCertificates.create(directory.resolve("other-" + System.nanoTime()))
                        .authority());
        leavesNoTrace(() -> assertThat(
                        refusal(Identity.generate("lost"), other, cluster().servers()))
                .isEqualTo(ErrorCode.UNTRUSTED_ROUTER));
        leavesNoTrace(() -> assertThat(refusal(
                        Identity.generate("lost"),
                        RouterTrust.plainText(),
                        cluster().servers()))
                .isEqualTo(ErrorCode.TLS_MISMATCH));
    }

    @Test
    void aProofIsGoodOnceAndHereOnly() {
        Identity owner = Identity.generate("prover");
        leavesNoTrace(() -> {
            try (RawSession first = open();
                    RawSession second = open()) {
                Attach.Builder recorded = Frames.attach(owner, first.challenge("prover"), certificate());
                second.challenge("prover");
                second.send(Frames.frame(recorded)).assertEndsWith(io.peerlink.protocol.v1.ErrorCode.BAD_SIGNATURE);
            }
        });
        leavesNoTrace(() -> {
            // As a router in between would pass it on, which has a certificate of its own.
            try (RawSession session = open()) {
                ByteString other = ShownCertificate.in(shown.resolve("raft.pem"));
                session.send(Frames.frame(Frames.attach(owner, session.challenge("prover"), other)))
                        .assertEndsWith(io.peerlink.protocol.v1.ErrorCode.BAD_SIGNATURE);
            }
        });
    }

    @Test
    void anotherKeyDoesNotGetTheName() {
        Identity owner = Identity.generate("owner");
        try (PeerLinkClient client = client(owner, trust, cluster().servers()).connect()) {
            assertThat(refusal(Identity.generate("owner"), trust, cluster().servers()))
                    .isEqualTo(ErrorCode.NAME_TAKEN);
            try (RawSession thief = open()) {
                Attach.Builder attach =
                        Frames.attach(Identity.generate("owner"), thief.challenge("owner"), certificate());
                thief.send(Frames.frame(attach.setRegister(false)))
                        .assertEndsWith(io.peerlink.protocol.v1.ErrorCode.WRONG_KEY);
            }
            assertThat(client.state()).isEqualTo(ConnectionState.ATTACHED);
        }
        try (PeerLinkClient again = client(owner, trust, cluster().servers()).connect()) {
            assertThat(again.attachment().orElseThrow().registered()).isFalse();
        }
    }

    @Test
    void nobodyConfirmsForAnotherOrSendsWhereItIsNoMember() {
        Identity owner = Identity.generate("mail-owner");
        try (PeerLinkClient client = client(owner, trust, cluster().servers()).connect();
                RawSession mallory = open()) {
            client.createGroup("closed").join();
            client.send(OutgoingMessage.text("mail-owner", "for me alone"));
            mallory.attach(Identity.generate("mallory"), certificate());
            mallory.send(Frames.subscribe(10)).send(Frames.ack(1));
            assertThat(mallory.error().getCode()).isEqualTo(io.peerlink.protocol.v1.ErrorCode.CURSOR_BEYOND_HEAD);
            mallory.assertRefused(
                    Frames.requests(1, Frames.send("closed", "let me in")),
                    io.peerlink.protocol.v1.ErrorCode.NOT_A_MEMBER);

            assertThat(client.history("closed", 0, 10).join().messages()).isEmpty();
            assertThat(client.pending(Optional.empty()).join().count()).isEqualTo(1);
        }
    }

    @Test
    void aSessionThatEndedIsWorthNothing() {
        Identity who = Identity.generate("stale");
        Attached before;
        try (RawSession session = open()) {
            before = session.attach(who, certificate());
        }
        try (RawSession other = open()) {
            await().atMost(PATIENCE).until(() -> isRefused(other, before.getSessionToken()));
            leavesNoTrace(
                    () -> assertThat(isRefused(other, before.getSessionToken())).isTrue());
        }
    }

    private static boolean isRefused(RawSession session, String token) {
        try {
            session.queries(token).listGroups(ListGroupsRequest.getDefaultInstance());
            return false;
        } catch (StatusRuntimeException e) {
            return e.getStatus().getCode() == Status.Code.UNAUTHENTICATED;
        }
    }

    @Test
    void aRedirectToAStrangerIsNotFollowed() throws IOException, GeneralSecurityException {
        Path stranger = ClusterCertificates.create(directory.resolve("stranger-" + System.nanoTime()))
                .issue(List.of("127.0.0.1"), Duration.ofDays(1), false);
        ServerCredentials own = TlsServerCredentials.create(
                stranger.resolve("router.pem").toFile(),
                stranger.resolve("router.key").toFile());
        Greedy impostor = new Greedy("");
        Server trap = Grpc.newServerBuilderForPort(0, own)
                .addService(impostor)
                .build()
                .start();
        Greedy liar = new Greedy("127.0.0.1:" + trap.getPort());
        // A follower that is none: it has no certificate at all, or a stranger's.
        Server plain = Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
                .addService(liar)
                .build()
                .start();
        Server spoofed =
                Grpc.newServerBuilderForPort(0, own).addService(liar).build().start();
        try {
            leavesNoTrace(() -> {
                assertThat(refusal(Identity.generate("led"), trust, List.of("127.0.0.1:" + spoofed.getPort())))
                        .isEqualTo(ErrorCode.UNTRUSTED_ROUTER);
                assertThat(refusal(Identity.generate("led"), trust, List.of("127.0.0.1:" + plain.getPort())))
                        .isEqualTo(ErrorCode.TLS_MISMATCH);
            });
            assertThat(impostor.heard).isFalse();
            assertThat(liar.heard).isFalse();
        } finally {
            trap.shutdownNow();
            plain.shutdownNow();
            spoofed.shutdownNow();
        }
    }

    /** Sends everybody to an address, and notes whether anybody said anything. */
    private static final class Greedy extends RouterGrpc.RouterImplBase {
        private final String leader;
        private volatile boolean heard;

        private Greedy(String leader) {
            this.leader = leader;
        }

        @Override
        public StreamObserver<ClientFrame> session(StreamObserver<RouterFrame> responses) {
            heard = true;
            responses.onNext(RouterFrame.newBuilder()
                    .setError(Error.newBuilder()
                            .setCode(io.peerlink.protocol.v1.ErrorCode.NOT_LEADER)
                            .setLeaderAddress(leader))
                    .build());
            responses.onCompleted();
            return new StreamObserver<>() {
                @Override
                public void onNext(ClientFrame frame) {}

                @Override
                public void onError(Throwable failure) {}

                @Override
                public void onCompleted() {}
            };
        }
    }

    @Test
    void ratisTakesNoCommandsFromStrangersOrRouters() {
        String raft = cluster().awaitLeader(PATIENCE).raftAddress();
        leavesNoTrace(() -> RawCall.assertRaftPortIsForRouters(raft, shown));
    }
}
