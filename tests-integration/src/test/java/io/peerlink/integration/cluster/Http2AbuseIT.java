package io.peerlink.integration.cluster;

import static io.peerlink.integration.cluster.RawHttp2.CONTINUATION;
import static io.peerlink.integration.cluster.RawHttp2.END_HEADERS;
import static io.peerlink.integration.cluster.RawHttp2.HEADERS;
import static io.peerlink.integration.cluster.RawHttp2.REFUSED_STREAM;
import static io.peerlink.integration.cluster.RawHttp2.RST_STREAM;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
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

    @RegisterExtension
    static final TestCluster CLUSTER = TestCluster.ofOne()
            .with("connections { handshake-timeout = 1s, idle = 2s }")
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
                connection.assertCutOff();
            }
        }
    }

    @Test
    void headersThatNeverEnd() throws IOException {
        for (int attempt = 0; attempt < 20; attempt++) {
            try (RawHttp2 connection = open()) {
                connection.send(HEADERS, 0, 1, RawHttp2.callHeaders(SESSION));
                connection.sends(1_000, CONTINUATION, 0, 1, RawHttp2.padding(8_000));
                connection.assertCutOff();
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
