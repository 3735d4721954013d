package io.peerlink.integration.cluster;

import static io.peerlink.integration.cluster.RawHttp2.CONTINUATION;
import static io.peerlink.integration.cluster.RawHttp2.DATA;
import static io.peerlink.integration.cluster.RawHttp2.END_HEADERS;
import static io.peerlink.integration.cluster.RawHttp2.END_STREAM;
import static io.peerlink.integration.cluster.RawHttp2.HEADERS;
import static io.peerlink.integration.cluster.RawHttp2.PING;
import static io.peerlink.integration.cluster.RawHttp2.PRIORITY;
import static io.peerlink.integration.cluster.RawHttp2.REFUSED_STREAM;
import static io.peerlink.integration.cluster.RawHttp2.RST_STREAM;
import static io.peerlink.integration.cluster.RawHttp2.SETTINGS;
import static io.peerlink.integration.cluster.RawHttp2.WINDOW_UPDATE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Who puts HTTP/2 to bad use is cut off, an honest pair beside it talks on over the connections it had, and the log does not grow
 * by it.
 */
final class Http2AbuseIT {
    private static final String SESSION = "/peerlink.v1.Router/Session";
    private static final int CALLS = 20;
    private static final int RESETS = 50;
    private static final int CANCEL = 8;
    private static final long LOG_LINES_MAX = 20;
    private static final int MANY = 300_000;
    private static final int PADDED = 8;
    /** RFC 9113, section 6.5.2. */
    private static final int HEADER_TABLE_SIZE = 1;

    private static final int INITIAL_WINDOW_SIZE = 4;
    /** RFC 7541, section 6.1: the index of what entered last. */
    private static final int NEWEST_IN_TABLE = 0x80 | 62;

    @RegisterExtension
    static final TestCluster CLUSTER = TestCluster.ofOne()
            .with("connections { handshake-timeout = 1s, idle = 2s }")
            .with("connections { control-frames-per-second = 200, half-request-bytes = 16 MiB }")
            .with("connections { calls = " + CALLS + ", resets-per-minute = " + RESETS + " }");

    private static HonestPair honest = HonestPair.none();
    private long logLines;

    @BeforeAll
    static void attachHonestPeers() {
        honest = HonestPair.attach(CLUSTER);
    }

    @BeforeEach
    void readLog() throws IOException {
        logLines = linesInLog();
    }

    @AfterEach
    void nobodyElseNotices() throws IOException {
        honest.assertTalk();
        assertThat(linesInLog() - logLines).as("lines in the log").isLessThan(LOG_LINES_MAX);
    }

    @AfterAll
    static void detach() {
        honest.close();
    }

    private static long linesInLog() throws IOException {
        return Files.readAllLines(CLUSTER.leader().log()).size();
    }

    private static RawHttp2 open() throws IOException {
        return RawHttp2.open(CLUSTER.leader().clientAddress());
    }

    @Test
    void callsThatAreCancelledAtOnce() throws IOException {
        for (int attempt = 0; attempt < 20; attempt++) {
            try (RawHttp2 connection = open()) {
                boolean going = true;
                for (int i = 0; i < 2 * RESETS && going; i++) {
                    going = connection.sends(1, HEADERS, END_HEADERS, 2 * i + 1, RawHttp2.callHeaders(SESSION))
                            && connection.sends(
                                    1,
                                    RST_STREAM,
                                    0,
                                    2 * i + 1,
                                    ByteBuffer.allocate(4).putInt(CANCEL).array());
                }
                connection.assertThrownOut();
            }
        }
    }

    @Test
    void callsThatTheRouterIsMadeToReset() throws IOException {
        for (int attempt = 0; attempt < 20; attempt++) {
            try (RawHttp2 connection = open()) {
                boolean going = true;
                for (int i = 0; i < 2 * RESETS && going; i++) {
                    going = connection.sends(1, HEADERS, END_HEADERS, 2 * i + 1, RawHttp2.callHeaders(SESSION))
                            // By 0: an error of that stream, which has to be answered with a reset.
                            && connection.sends(1, WINDOW_UPDATE, 0, 2 * i + 1, new byte[4]);
                }
                connection.assertThrownOut();
            }
        }
    }

    @Test
    void pingsWithoutEnd() throws IOException {
        try (RawHttp2 connection = open()) {
            connection.sends(100, PING, 0, 0, new byte[8]);
            connection.assertThrownOut();
        }
    }

    @Test
    void settingsWhoseAcknowledgementsAreNotRead() throws IOException {
        try (RawHttp2 connection = open()) {
            connection.assertThrownOutByFlood(MANY, SETTINGS, 0, 0, new byte[0]);
        }
    }

    @Test
    void framesThatSayNothing() throws IOException {
        assertThatAFloodIsCutOff(DATA, 0, 1, new byte[0]);
        assertThatAFloodIsCutOff(DATA, PADDED, 1, new byte[1]);
        assertThatAFloodIsCutOff(DATA, 0, 1, new byte[1]);
        assertThatAFloodIsCutOff(SETTINGS, 0, 0, RawHttp2.setting(INITIAL_WINDOW_SIZE, 65_535));
        assertThatAFloodIsCutOff(PRIORITY, 0, 3, new byte[] {0, 0, 0, 1, 7});
        assertThatAFloodIsCutOff(
                WINDOW_UPDATE, 0, 0, ByteBuffer.allocate(4).putInt(1).array());
        assertThatAFloodIsCutOff(77, 0, 0, new byte[1]);
        // The first one ends the call; gRPC counts no other.
        assertThatAFloodIsCutOff(RST_STREAM, 0, 1, new byte[] {0, 0, 0, 8});
        assertThat(Scrape.of(CLUSTER.leader()).value("peerlink_connections_refused_total{reason=\"control_frames\"}"))
                .isGreaterThanOrEqualTo(8);
    }

    private static void assertThatAFloodIsCutOff(int type, int flags, int stream, byte[] payload) throws IOException {
        try (RawHttp2 connection = open()) {
            connection.send(HEADERS, END_HEADERS, 1, RawHttp2.callHeaders(SESSION));
            connection.assertThrownOutByFlood(MANY, type, flags, stream, payload);
        }
    }

    @Test
    void requestsThatNeverArriveWhole() throws IOException {
        // What strangers may hold of them is an eighth of the limit, and each call counts as 8 KiB at least. Few
        // connections: each
        // that is cut off costs their address new ones.
        int connections = (2 << 20) / (CALLS * 8 * 1024);
        List<RawHttp2> open = new ArrayList<>();
        try {
            for (int i = 0; i <= connections; i++) {
                RawHttp2 connection = open();
                open.add(connection);
                for (int call = 0; call < CALLS; call++) {
                    connection.send(HEADERS, END_HEADERS, 2 * call + 1, RawHttp2.callHeaders(SESSION));
                    connection.send(DATA, 0, 2 * call + 1, startOfARequest(3_000));
                }
            }
            open.get(0).assertCutOff();
            RawHttp2 newest = open.get(connections);
            newest.send(PING, 0, 0, new byte[8]);
            assertThat(newest.await(frame -> frame.type() == PING).flags())
                    .as("the last is heard")
                    .isOne();
        } finally {
            for (RawHttp2 connection : open) {
                connection.close();
            }
        }
        assertThat(Scrape.of(CLUSTER.leader()).value("peerlink_connections_refused_total{reason=\"half_requests\"}"))
                .isBetween(1.0, connections - 1.0);
    }

    /** Of two MiB. */
    private static byte[] startOfARequest(int bytes) {
        return ByteBuffer.allocate(bytes).put((byte) 0).putInt(2 << 20).array();
    }

    @Test
    void noTableOfHeadersGrowsByWhatACallerSends() throws IOException {
        String path = "/no.such/" + "Call".repeat(20);
        try (RawHttp2 connection = open()) {
            connection.send(SETTINGS, 0, 0, RawHttp2.setting(HEADER_TABLE_SIZE, Integer.MAX_VALUE));
            for (int stream = 1; stream <= 3; stream += 2) {
                connection.send(HEADERS, END_HEADERS | END_STREAM, stream, RawHttp2.callHeaders(path));
                int answered = stream;
                RawHttp2.Frame answer = connection.await(frame -> frame.stream() == answered);
                assertThat(new String(answer.payload(), StandardCharsets.ISO_8859_1))
                        .as("literally, and not as a reference into the table")
                        .contains(path.substring(1));
            }
        }
    }

    @Test
    void headersThatSwell() throws IOException {
        // One field that enters the table, then references to it, of one byte each.
        ByteBuffer block = ByteBuffer.allocate(16_000);
        block.put(RawHttp2.callHeaders(SESSION)).put(RawHttp2.indexed("x", "y".repeat(120)));
        while (block.hasRemaining()) {
            block.put((byte) NEWEST_IN_TABLE);
        }
        try (RawHttp2 connection = open()) {
            connection.send(HEADERS, END_HEADERS, 1, block.array());
            connection.assertThrownOut();
        }
    }

    @Test
    void headersThatNeverEnd() throws IOException {
        for (int attempt = 0; attempt < 20; attempt++) {
            try (RawHttp2 connection = open()) {
                connection.send(HEADERS, 0, 1, RawHttp2.callHeaders(SESSION));
                connection.sends(1_000, CONTINUATION, 0, 1, RawHttp2.padding(8_000));
                connection.assertThrownOut();
            }
        }
    }

    @Test
    void moreCallsThanAConnectionMayHave() throws IOException {
        try (RawHttp2 connection = open()) {
            for (int i = 0; i <= CALLS; i++) {
                connection.send(HEADERS, END_HEADERS, 2 * i + 1, RawHttp2.callHeaders(SESSION));
            }
            RawHttp2.Frame refusal = connection.await(frame -> frame.type() == RST_STREAM);
            assertThat(refusal.stream()).isEqualTo(2 * CALLS + 1);
            assertThat(refusal.errorCode()).isEqualTo(REFUSED_STREAM);
        }
    }

    @Test
    void headersThatAreTooLarge() throws IOException {
        try (RawHttp2 connection = open()) {
            connection.send(HEADERS, 0, 1, RawHttp2.callHeaders(SESSION));
            connection.send(CONTINUATION, END_HEADERS, 1, RawHttp2.padding(10_000));
            RawHttp2.Frame answer = connection.await(frame -> frame.stream() == 1);
            assertThat(answer.type()).as("an answer, which ends the call").isEqualTo(HEADERS);
            connection.send(HEADERS, END_HEADERS, 3, RawHttp2.callHeaders("/no.such/Call"));
            assertThat(connection.await(frame -> frame.stream() == 3).type())
                    .as("the next call is answered")
                    .isEqualTo(HEADERS);
        }
    }

    @Test
    void connectionsThatSayNothing() throws IOException {
        try (RawHttp2 silent = RawHttp2.silent(CLUSTER.leader().clientAddress());
                RawHttp2 settled = open()) {
            silent.assertCutOff();
            settled.assertCutOff();
        }
    }
}
