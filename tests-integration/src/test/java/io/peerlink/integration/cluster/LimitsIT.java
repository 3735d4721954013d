package io.peerlink.integration.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.peerlink.client.identity.Identity;
import io.peerlink.protocol.v1.ErrorCode;
import io.peerlink.protocol.v1.OutcomeRun;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whoever goes beyond a limit is told so, and nobody else notices. */
final class LimitsIT {
    private static final int CONNECTIONS = 60;
    private static final int UNATTACHED = 20;
    private static final int SOCKET_PATIENCE_MS = 20_000;

    @RegisterExtension
    @Order(1)
    static final TestCluster CLUSTER = TestCluster.ofOne()
            .with("limits { sessions-per-peer = 2, groups-per-peer = 2, members-per-group = 2, inbox-messages = 3 }")
            .with("limits { sends-per-second = 200 }")
            .with("connections { per-address = " + CONNECTIONS + ", unattached-per-address = " + UNATTACHED + " }");

    @RegisterExtension
    @Order(2)
    static final Strangers STRANGERS = Strangers.on(CLUSTER);

    private static RawSession attached(Identity who) {
        RawSession session = RawSession.open(CLUSTER.leader().clientAddress());
        session.attach(who);
        return session;
    }

    @Test
    void aPeerHasSoManySessions() {
        Identity busy = Identity.generate("limit-busy");
        try (RawSession first = attached(busy);
                RawSession second = attached(busy);
                RawSession third = RawSession.open(CLUSTER.leader().clientAddress())) {
            third.send(Frames.frame(Frames.attach(busy, third.challenge(busy.name()))))
                    .assertEndsWith(ErrorCode.TOO_MANY_SESSIONS);
            first.assertAlive();
            second.assertAlive();
        }
        assertThat(Scrape.of(CLUSTER.leader()).series())
                .hasEntrySatisfying(
                        "peerlink_streams_ended_total{code=\"TOO_MANY_SESSIONS\"}",
                        ended -> assertThat(ended).isPositive());
        await("ended ones make room").atMost(TestCluster.PATIENCE).until(() -> {
            try (RawSession again = RawSession.open(CLUSTER.leader().clientAddress())) {
                again.send(Frames.frame(Frames.attach(busy, again.challenge(busy.name()))));
                return again.next().hasAttached();
            }
        });
    }

    @Test
    void groupsAndMembersAreCounted() {
        try (RawSession alice = attached(Identity.generate("limit-alice"));
                RawSession bob = attached(Identity.generate("limit-bob"));
                RawSession carol = attached(Identity.generate("limit-carol"))) {
            alice.outcome(Frames.requests(1, Frames.createGroup("limit-one")));
            alice.outcome(Frames.requests(2, Frames.createGroup("limit-two")));
            alice.assertRefused(Frames.requests(3, Frames.createGroup("limit-three")), ErrorCode.TOO_MANY_GROUPS);
            assertThat(bob.outcome(Frames.requests(1, Frames.joinGroup("limit-one")))
                            .hasDone())
                    .isTrue();
            carol.assertRefused(Frames.requests(1, Frames.joinGroup("limit-one")), ErrorCode.GROUP_FULL);
        }
    }

    @Test
    void soMuchWaitsForAPeerAndTheRestIsRefused() {
        try (RawSession sender = attached(Identity.generate("limit-sender"))) {
            attached(Identity.generate("limit-away")).close();
            for (int sequence = 1; sequence <= 3; sequence++) {
                assertThat(sender.outcome(Frames.requests(sequence, Frames.send("limit-away", "x")))
                                .hasSent())
                        .isTrue();
            }
            sender.assertRefused(Frames.requests(4, Frames.send("limit-away", "x")), ErrorCode.INBOX_FULL);
        }
    }

    @Test
    void whoSendsTooFastIsRefusedAndTheStreamStays() {
        try (RawSession hasty = attached(Identity.generate("limit-hasty"))) {
            attached(Identity.generate("limit-sink")).close();
            // The first frame is taken, whatever it holds: five seconds' worth. The second one finds a debt.
            send(hasty, 1, 1_000);
            send(hasty, 1_001, 10);
            List<OutcomeRun> runs = hasty.outcomes(1_010);
            OutcomeRun last = runs.get(runs.size() - 1);
            assertThat(last.getRefused().getCode()).isEqualTo(ErrorCode.RATE_LIMITED);
            assertThat(last.getRefused().getRetryable()).isTrue();
            hasty.assertAlive();
        }
    }

    @Test
    void strangersConnectionsBeyondTheirNumberAreClosedAtOnce() throws Exception {
        List<Socket> strangers = new ArrayList<>();
        try {
            for (int i = 0; i < UNATTACHED + 10; i++) {
                strangers.add(connect());
            }
            await("those beyond the limit are cut off")
                    .atMost(TestCluster.PATIENCE)
                    .until(() -> strangers.stream().filter(LimitsIT::isClosed).count() >= 10);
            STRANGERS.assertHonestPairHearsEachOther();
            assertThat(Scrape.of(CLUSTER.routers().get(0)).sum("peerlink_connections_refused_total"))
                    .isGreaterThanOrEqualTo(10);
        } finally {
            for (Socket stranger : strangers) {
                stranger.close();
            }
        }
        await("and there is room again").atMost(TestCluster.PATIENCE).until(() -> {
            try (Socket again = connect()) {
                return !isClosed(again);
            }
        });
    }

    private static void send(RawSession from, long first, int count) {
        from.send(Frames.requests(first, 1, Collections.nCopies(count, Frames.send("limit-sink", "x"))));
    }

    private static Socket connect() throws IOException {
        // Not asked who leads: that takes a connection, too.
        String address = CLUSTER.routers().get(0).clientAddress();
        int colon = address.lastIndexOf(':');
        Socket socket = new Socket();
        socket.connect(
                new InetSocketAddress(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1))),
                SOCKET_PATIENCE_MS);
        socket.setSoTimeout(100);
        return socket;
    }

    /** An open one says HTTP/2 settings only once it was spoken to, so silence is a good sign. */
    private static boolean isClosed(Socket socket) {
        try {
            int read = socket.getInputStream().read();
            while (read >= 0) {
                read = socket.getInputStream().read();
            }
            return true;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }
}
