package io.peerlink.integration.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.ChannelCredentials;
import io.grpc.TlsChannelCredentials;
import io.peerlink.client.identity.Identity;
import io.peerlink.protocol.v1.Error;
import io.peerlink.protocol.v1.ErrorCode;
import io.peerlink.protocol.v1.RouterFrame;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Whoever comes too fast, with connections, handshakes or names, or begins and does not go on, is turned away; an honest pair does not
 * notice, and who is known comes in all the same. The bad ones call from addresses of their own.
 */
final class NewcomersIT {
    private static final String HASTY = "127.0.0.2";
    private static final String STALLING = "127.0.0.3";
    private static final String NOISY = "127.0.0.4";
    /** Ten seconds' worth. */
    private static final int CONNECTIONS_AT_ONCE = 200;

    private static final int NAMES_AT_ONCE = 10;
    private static final int SESSIONS_AT_ONCE = 20;
    private static final int STALLED = 50;
    private static final int FLOODS = 1_000;
    /** Less than Netty's own limit of a handshake, 10 s. */
    private static final int SOCKET_PATIENCE_MS = 6_000;

    private static final long LOG_LINES_MAX = 20;

    @RegisterExtension
    @Order(1)
    static final TestCluster CLUSTER = TestCluster.ofOne()
            .withTls()
            .with("connections { new-per-second = " + CONNECTIONS_AT_ONCE / 10 + ", handshake-timeout = 1s }")
            .with("limits.registrations-per-second = " + NAMES_AT_ONCE / 10)
            .with("limits.sessions-per-second = " + SESSIONS_AT_ONCE / 10);

    @RegisterExtension
    @Order(2)
    static final Strangers STRANGERS = Strangers.on(CLUSTER);

    private static Socket connect(String from) throws IOException {
        String address = CLUSTER.routers().get(0).clientAddress();
        int colon = address.lastIndexOf(':');
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(from, 0));
        socket.setSoTimeout(SOCKET_PATIENCE_MS);
        socket.connect(
                new InetSocketAddress(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1))),
                SOCKET_PATIENCE_MS);
        return socket;
    }

    /** Waits for the end of what the router says, with patience. */
    private static boolean isClosed(Socket socket) {
        try {
            int read = socket.getInputStream().read();
            while (read >= 0) {
                read = socket.getInputStream().read();
            }
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private static boolean shakesHands(Socket socket) throws GeneralSecurityException {
        SSLSocketFactory factory = ShownCertificate.believingAnybody();
        try (SSLSocket secured = (SSLSocket) factory.createSocket(socket, "router", socket.getPort(), true)) {
            secured.startHandshake();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static double turnedAway() {
        return Scrape.of(CLUSTER.leader()).value("peerlink_connections_refused_total{reason=\"too_fast\"}");
    }

    @Test
    void connectionsThatAreMadeTooFastAreClosedAtOnce() throws Exception {
        double before = turnedAway();
        for (int i = 0; i < 3 * CONNECTIONS_AT_ONCE; i++) {
            connect(HASTY).close();
        }
        STRANGERS.assertHonestPairTalks();
        assertThat(turnedAway() - before).isGreaterThan(CONNECTIONS_AT_ONCE);
        await("there is room again").atMost(TestCluster.PATIENCE).until(() -> shakesHands(connect(HASTY)));
    }

    @Test
    void handshakesThatGoNoFurtherAreCutOff() throws Exception {
        double before = turnedAway();
        long lines = linesInLog();
        List<Socket> stalled = new ArrayList<>();
        try {
            for (int i = 0; i < STALLED; i++) {
                Socket socket = connect(STALLING);
                stalled.add(socket);
                // A handshake record of 512 bytes, and not all of them.
                socket.getOutputStream().write(new byte[] {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3});
            }
            STRANGERS.assertHonestPairTalks();
            assertThat(stalled).allMatch(NewcomersIT::isClosed);
            assertThat(turnedAway()).as("not at once").isEqualTo(before);
        } finally {
            for (Socket socket : stalled) {
                socket.close();
            }
        }
        assertThat(linesInLog() - lines).as("lines in the log").isLessThan(LOG_LINES_MAX);
    }

    @Test
    void framesThatSayNothingAreCountedBehindTls() throws Exception {
        SSLSocketFactory factory = ShownCertificate.believingAnybody();
        Socket socket = connect(NOISY);
        try (SSLSocket secured = (SSLSocket) factory.createSocket(socket, "router", socket.getPort(), true)) {
            SSLParameters parameters = secured.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2"});
            secured.setSSLParameters(parameters);
            OutputStream out = secured.getOutputStream();
            out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.write(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0});
            // Priorities of call 1.
            byte[] flood = new byte[14 * 1_000];
            for (int at = 0; at < flood.length; at += 14) {
                flood[at + 2] = 5;
                flood[at + 3] = 2;
                flood[at + 8] = 1;
                flood[at + 12] = 3;
            }
            assertThatThrownBy(() -> {
                        for (int i = 0; i < FLOODS; i++) {
                            out.write(flood);
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
        assertThat(Scrape.of(CLUSTER.leader()).value("peerlink_connections_refused_total{reason=\"control_frames\"}"))
                .isPositive();
    }

    @Test
    void namesBeyondTheRateAreRefusedAndWhoIsKnownIsNot() throws Exception {
        Identity known = Identity.generate("newcomers-known");
        assertThat(attach(known).hasAttached()).isTrue();

        int registered = 0;
        RouterFrame answer = attach(Identity.generate("newcomers-0"));
        while (answer.hasAttached() && registered < 10 * NAMES_AT_ONCE) {
            registered++;
            answer = attach(Identity.generate("newcomers-" + registered));
        }

        Error refusal = answer.getError();
        assertThat(refusal.getCode()).isEqualTo(ErrorCode.RATE_LIMITED);
        assertThat(refusal.getRetryable()).isTrue();
        assertThat(attach(known).hasAttached()).as("known").isTrue();
        // The client library tries again by itself.
        try (TestPeer late = CLUSTER.peer("newcomers-late")) {
            late.sent("newcomers-late");
            assertThat(late.troubles()).isEmpty();
        }
    }

    @Test
    void sessionsBeyondTheRateAreRefusedBeforeTheLog() throws Exception {
        Identity hasty = Identity.generate("newcomers-hasty");
        int attached = 0;
        RouterFrame answer = attach(hasty);
        while (answer.hasAttached() && attached < 10 * SESSIONS_AT_ONCE) {
            attached++;
            answer = attach(hasty);
        }

        assertThat(answer.getError().getCode()).isEqualTo(ErrorCode.RATE_LIMITED);
        assertThat(answer.getError().getRetryable()).isTrue();
        assertThat(attached).isGreaterThanOrEqualTo(SESSIONS_AT_ONCE);
        assertThat(Scrape.of(CLUSTER.leader()).value("peerlink_attaches_limited_total{reason=\"sessions\"}"))
                .isPositive();
        STRANGERS.assertHonestPairTalks();
    }

    private static long linesInLog() throws IOException {
        return Files.readAllLines(CLUSTER.leader().log()).size();
    }

    /** What the router says to Attach. */
    private static RouterFrame attach(Identity who) throws IOException {
        String leader = CLUSTER.leader().clientAddress();
        ChannelCredentials trust = TlsChannelCredentials.newBuilder()
                .trustManager(CLUSTER.authority().toFile())
                .build();
        ByteString shown = ShownCertificate.in(CLUSTER.shown().resolve("router.pem"));
        try (RawSession session = RawSession.open(leader, trust)) {
            session.send(Frames.frame(Frames.attach(who, session.challenge(who.name()), shown)));
            return session.next();
        }
    }
}
