package io.peerlink.integration.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.ChannelCredentials;
import io.grpc.TlsChannelCredentials;
import io.peerlink.cli.local.LocalRouter;
import io.peerlink.cli.tls.ClusterCertificates;
import io.peerlink.client.ConnectionState;
import io.peerlink.client.ErrorCode;
import io.peerlink.client.PeerLinkClient;
import io.peerlink.client.PeerLinkException;
import io.peerlink.client.RouterTrust;
import io.peerlink.client.identity.Identity;
import io.peerlink.client.identity.KnownRouters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Three routers that speak TLS to clients and to each other: who is believed, who is not, and new certificates on the run. */
final class TlsIT {
    @RegisterExtension
    static final TestCluster CLUSTER = TestCluster.ofThree().withTls();

    @TempDir
    private Path data;

    private static ChannelCredentials trusting() throws IOException {
        return TlsChannelCredentials.newBuilder()
                .trustManager(CLUSTER.authority().toFile())
                .build();
    }

    private PeerLinkException refusal(RouterTrust trust) {
        try (PeerLinkClient client = PeerLinkClient.builder()
                .servers(CLUSTER.servers())
                .trust(trust)
                .identity(Identity.generate("refused"))
                .connectTimeout(TestCluster.PATIENCE)
                .build()) {
            PeerLinkException refused = catchThrowableOfType(PeerLinkException.class, client::connect);
            assertThat(refused).isNotNull();
            assertThat(client.state()).isEqualTo(ConnectionState.REFUSED);
            assertThat(refused.retryable()).isFalse();
            return refused;
        }
    }

    @Test
    void shellsTalkAcrossTheLeadersDeath() {
        String authority = CLUSTER.authority().toString();
        try (ShellProcess ann = ShellProcess.start(CLUSTER.servers(), data, "--ca", authority, "shell", "--id", "ann");
                ShellProcess ben =
                        ShellProcess.start(CLUSTER.servers(), data, "--ca", authority, "shell", "--id", "ben")) {
            ann.type("REGISTER", "Registered ann");
            ben.type("REGISTER", "Registered ben");
            ann.type("SEND_MSG ben hello", "Sent", "Delivered to ben");
            CLUSTER.kill(CLUSTER.leader());
            ben.type("SEND_MSG ann still here", "Sent", "Delivered to ann");
            assertThat(List.of(ann.end(), ben.end())).containsExactly(0, 0);
            assertThat(ann.output()).contains("ben : still here");
        }
        try (ShellProcess status =
                ShellProcess.start(CLUSTER.servers(), data, "--ca", authority, "cluster", "status")) {
            assertThat(status.end()).as(status.output() + " " + status.errors()).isZero();
        }
    }

    @Test
    void whoTrustsAnotherAuthorityStopsAtOnce() throws IOException, GeneralSecurityException {
        Path other = ClusterCertificates.create(data.resolve("other")).authority();

        PeerLinkException refused = refusal(RouterTrust.authority(other));

        assertThat(refused.code()).isEqualTo(ErrorCode.UNTRUSTED_ROUTER);
        assertThat(refused.hint()).contains("CA file");
        try (ShellProcess shell =
                ShellProcess.start(CLUSTER.servers(), data, "--ca", other.toString(), "--id", "ann", "register")) {
            assertThat(shell.end()).isEqualTo(7);
            assertThat(shell.errors()).anyMatch(line -> line.startsWith("error: UNTRUSTED_ROUTER"));
        }
    }

    @Test
    void whoSpeaksPlainTextIsToldSo() {
        assertThat(refusal(RouterTrust.plainText()).code()).isEqualTo(ErrorCode.TLS_MISMATCH);
        try (ShellProcess shell = ShellProcess.start(CLUSTER.servers(), data, "cluster", "members")) {
            assertThat(shell.end()).isEqualTo(2);
            assertThat(shell.errors()).anyMatch(line -> line.startsWith("error: TLS_MISMATCH"));
        }
    }

    @Test
    void anOlderVersionIsRefused() {
        LocalRouter leader = CLUSTER.leader();
        for (String port : List.of(leader.clientAddress(), leader.raftAddress())) {
            assertThatThrownBy(() -> ShownCertificate.at(port, "TLSv1.2"))
                    .hasRootCauseMessage("Received fatal alert: protocol_version");
        }
    }

    @Test
    void strangersAtThePortForRoutersLeaveNothingInTheLog() throws IOException {
        LocalRouter leader = CLUSTER.leader();
        long lines = Files.readAllLines(leader.log()).size();
        for (int i = 0; i < 40; i++) {
            ShownCertificate.at(leader.raftAddress());
        }
        assertThat(Files.readAllLines(leader.log()).size() - lines)
                .as("lines for forty who have no certificate")
                .isLessThan(20);
    }

    @Test
    void whatIsSeenFirstMustStay() throws IOException {
        Path file = data.resolve("peerlink/known_routers");
        String leader = CLUSTER.leader().clientAddress();
        try (ShellProcess shell = ShellProcess.start(List.of(leader), data, "--tls", "--id", "pin", "register")) {
            assertThat(shell.end()).as(String.join("\n", shell.errors())).isZero();
            assertThat(shell.errors()).anyMatch(line -> line.startsWith("note: " + leader + " was never seen before"));
        }
        String seen = new KnownRouters(file).fingerprint(leader).orElseThrow();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        // Without --tls now: a router that was seen by TLS is not called without.
        try (ShellProcess shell = ShellProcess.start(List.of(leader), data, "--id", "pin", "send", "pin", "hi")) {
            assertThat(shell.end()).as(String.join("\n", shell.errors())).isZero();
            assertThat(shell.errors()).isEmpty();
        }

        String otherwise = seen.substring(0, 7) + (seen.startsWith("00", 7) ? "11" : "00") + seen.substring(9);
        Files.writeString(file, leader + " " + otherwise + "\n");

        try (ShellProcess shell = ShellProcess.start(List.of(leader), data, "--id", "pin", "send", "pin", "hi")) {
            assertThat(shell.end()).isEqualTo(7);
            assertThat(String.join("\n", shell.errors()))
                    .contains("error: UNTRUSTED_ROUTER", seen, otherwise, "remove the line", file.toString());
        }

        Files.writeString(file, leader + " " + seen.substring(0, 20));
        try (ShellProcess shell = ShellProcess.start(List.of(leader), data, "--id", "pin", "send", "pin", "hi")) {
            assertThat(shell.end()).isNotZero();
            assertThat(String.join("\n", shell.errors()))
                    .contains("error: BAD_IDENTITY the line of " + leader, "damaged or cut off", file.toString());
        }
    }

    @Test
    void aProofIsBoundToTheCertificate() throws IOException {
        Identity who = Identity.generate("bound");
        String leader = CLUSTER.leader().clientAddress();
        ByteString shown = ShownCertificate.at(leader);
        ByteString other = ShownCertificate.in(CLUSTER.authority());
        for (ByteString wrong : List.of(ByteString.EMPTY, other)) {
            try (RawSession session = RawSession.open(leader, trusting())) {
                session.send(Frames.frame(Frames.attach(who, session.challenge("bound"), wrong)))
                        .assertEndsWith(io.peerlink.protocol.v1.ErrorCode.BAD_SIGNATURE);
            }
        }
        try (RawSession session = RawSession.open(leader, trusting())) {
            assertThat(session.attach(who, shown).getRegistered()).isTrue();
        }
    }

    @Test
    void onlyRoutersGetThroughToTheRaftPort() {
        RawCall.assertRaftPortIsForRouters(CLUSTER.leader().raftAddress(), CLUSTER.shown());
        try (TestPeer peer = CLUSTER.peer("beside-strangers")) {
            peer.sent("beside-strangers");
            assertThat(peer.troubles()).isEmpty();
        }
    }

    @Test
    void newCertificatesAreTakenWithoutARestart() throws IOException, GeneralSecurityException {
        try (HonestPair honest = HonestPair.attach(CLUSTER)) {
            CLUSTER.renewCertificates();
            awaitShown();
            honest.assertTalk();

            Files.writeString(CLUSTER.shown().resolve("raft.pem"), "not a certificate");
            for (LocalRouter router : CLUSTER.routers()) {
                await().atMost(TestCluster.PATIENCE)
                        .until(() -> Files.readString(router.log()).contains("stays in use"));
            }
            honest.assertTalk();

            CLUSTER.renewCertificates();
            awaitShown();
            honest.assertTalk();
        }
        // New connections between routers, by the new certificates.
        CLUSTER.kill(CLUSTER.leader());
        CLUSTER.startAll();
        try (TestPeer after = CLUSTER.peer("after-renewal")) {
            after.sent("after-renewal");
            assertThat(after.troubles()).isEmpty();
        }
    }

    @Test
    void whenCertificatesEndIsShown() throws IOException {
        assertThat(OpsFiles.metrics()).contains(OpsFiles.OF_TLS);
        for (LocalRouter router : CLUSTER.routers()) {
            for (String port : List.of("client", "raft")) {
                assertThat(Scrape.of(router).value(OpsFiles.OF_TLS + "{port=\"" + port + "\"}"))
                        .as(port + " of " + router.id())
                        .isBetween(1.0, (double) Duration.ofDays(1).toSeconds());
            }
        }
    }

    /** Waits until all six ports show what is in the files. */
    private static void awaitShown() {
        ByteString forClients = ShownCertificate.in(CLUSTER.shown().resolve("router.pem"));
        ByteString forRouters = ShownCertificate.in(CLUSTER.shown().resolve("raft.pem"));
        for (LocalRouter router : CLUSTER.routers()) {
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                assertThat(ShownCertificate.at(router.clientAddress())).isEqualTo(forClients);
                assertThat(ShownCertificate.at(router.raftAddress())).isEqualTo(forRouters);
            });
        }
    }
}
