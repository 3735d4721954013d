package io.peerlink.integration.cluster;

import static io.peerlink.integration.cluster.FrameBytes.helloAs;
import static io.peerlink.integration.cluster.FrameBytes.joined;
import static io.peerlink.integration.cluster.FrameBytes.written;
import static io.peerlink.integration.cluster.RawHttp2.DATA;
import static io.peerlink.integration.cluster.RawHttp2.END_HEADERS;
import static io.peerlink.integration.cluster.RawHttp2.END_STREAM;
import static io.peerlink.integration.cluster.RawHttp2.HEADERS;
import static io.peerlink.integration.cluster.RawHttp2.RST_STREAM;
import static io.peerlink.integration.cluster.RawHttp2.STREAM_CLOSED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.peerlink.client.admin.RouterInfo;
import io.peerlink.client.identity.Identity;
import io.peerlink.protocol.v1.Challenge;
import io.peerlink.protocol.v1.ClientFrame;
import io.peerlink.protocol.v1.ErrorCode;
import io.peerlink.protocol.v1.ListGroupsRequest;
import io.peerlink.protocol.v1.Ping;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Bytes that are no frames, and calls that no gRPC library would make: each gets a definite end, leaves the state as it was, and
 * the router as well as an honest pair beside it go on.
 */
final class WireIT {
    private static final int LARGE = 64 << 20;
    private static final int HONEST_SESSIONS = 2;
    private static final long LOG_LINES_MAX = 20;
    private static final String SESSION = "/peerlink.v1.Router/Session";
    private static final Metadata.Key<String> TOKEN =
            Metadata.Key.of("peerlink-session", Metadata.ASCII_STRING_MARSHALLER);

    /** No ticks between, so that the state is the same as long as nobody changes it. */
    @RegisterExtension
    static final TestCluster CLUSTER = TestCluster.ofOne().with("tick = 1m");

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

    private static long linesInLog() throws IOException {
        return Files.readAllLines(CLUSTER.leader().log()).size();
    }

    @AfterAll
    static void detach() {
        honest.close();
    }

    private static String leader() {
        return CLUSTER.leader().clientAddress();
    }

    private static Optional<RouterInfo.StateDigest> digest() {
        return CLUSTER.digest(CLUSTER.leader());
    }

    /** The router's own rare entries change the digest too, and late confirmations of the honest pair. */
    private static void leavesNoTrace(Runnable trial) {
        await().atMost(TestCluster.PATIENCE).pollInterval(Duration.ofMillis(50)).until(() -> {
            Optional<RouterInfo.StateDigest> before = digest();
            trial.run();
            return before.isPresent() && digest().equals(before);
        });
    }

    private static byte[] ping(long nonce) {
        return Frames.ping(nonce).toByteArray();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.peerlink.integration.cluster.FrameBytes#none")
    void bytesThatAreNoFrameEndTheStream(String what, byte[] bytes) {
        leavesNoTrace(() -> {
            try (RawFrames stream = RawFrames.open(leader())) {
                assertViolation(what, stream.send(bytes));
            }
        });
    }

    private static void assertViolation(String what, RawFrames stream) {
        assertThat(stream.next().getError().getCode()).as(what).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        assertThat(stream.end()).as(what).isEqualTo(Status.Code.OK);
    }

    /** Here too the stream is one that has a session, which must end with it. */
    @Test
    void bytesThatAreNoFrameEndASessionToo() {
        try (RawFrames stream = RawFrames.open(leader())) {
            Identity who = Identity.generate("wire-session");
            Challenge challenge =
                    stream.send(Frames.hello(who.name()).toByteArray()).next().getChallenge();
            stream.send(Frames.frame(Frames.attach(who, challenge)).toByteArray());
            assertThat(stream.next().hasAttached()).isTrue();
            assertThat(CLUSTER.info(CLUSTER.leader()).sessions()).isEqualTo(HONEST_SESSIONS + 1);
            assertViolation("in a session", stream.send(new byte[] {0x0f}));
            await("the session is forgotten")
                    .atMost(TestCluster.PATIENCE)
                    .until(() -> CLUSTER.info(CLUSTER.leader()).sessions() == HONEST_SESSIONS);
        }
    }

    @Test
    void aRequestThatCannotBeReadIsRefused() throws IOException {
        for (String method : List.of(
                "peerlink.v1.Queries/ListGroups",
                "peerlink.v1.Cluster/GetRouter",
                "peerlink.v1.Administration/ChangeMembers",
                "peerlink.v1.Administration/Backup",
                "grpc.health.v1.Health/Check")) {
            try (RawHttp2 connection = RawHttp2.open(leader())) {
                connection.send(HEADERS, END_HEADERS, 1, RawHttp2.callHeaders("/" + method));
                connection.send(DATA, END_STREAM, 1, new byte[] {0, 0, 0, 0, 1, 0x0f});
                RawHttp2.Frame answer = connection.await(frame -> frame.stream() == 1);
                assertThat(answer.flags() & END_STREAM)
                        .as(method + " is refused at once")
                        .isNotZero();
                assertThat(new String(answer.payload(), StandardCharsets.ISO_8859_1))
                        .as(method)
                        .contains("PROTOCOL_VIOLATION");
                assertAnswers(connection, 3);
            }
        }
    }

    @Test
    void aFrameWithoutAKnownKindIsAViolation() {
        byte[] unknown = written(out -> out.writeString(99, "from the future"));
        for (byte[] bytes : new byte[][] {new byte[0], unknown}) {
            leavesNoTrace(() -> {
                try (RawFrames stream = RawFrames.open(leader())) {
                    assertViolation("of no kind", stream.send(bytes));
                }
            });
        }
    }

    /** As protobuf says: of several the last one counts, unknown fields do not, and numbers have 64 bits. */
    @Test
    void oddFramesMeanWhatTheyMeanToProtobuf() {
        byte[] hello = helloAs(ByteString.copyFromUtf8("odd"));
        byte[] flood = written(out -> {
            for (int field = 100; field < 100_000; field++) {
                out.writeFixed32(field, field);
            }
        });
        leavesNoTrace(() -> {
            try (RawFrames stream = RawFrames.open(leader())) {
                stream.send(joined(hello, ping(7)));
                assertThat(stream.next().getPong().getNonce())
                        .as("of two kinds")
                        .isEqualTo(7);
                stream.send(joined(flood, ping(8)));
                assertThat(stream.next().getPong().getNonce())
                        .as("beside 400 KB of unknown fields")
                        .isEqualTo(8);
                stream.send(ping(-1));
                assertThat(stream.next().getPong().getNonce()).isEqualTo(-1);
                stream.send(written(out -> out.writeByteArray(
                        ClientFrame.PING_FIELD_NUMBER,
                        joined(
                                Ping.newBuilder().setNonce(1).build().toByteArray(),
                                Ping.newBuilder().setNonce(2).build().toByteArray()))));
                assertThat(stream.next().getPong().getNonce())
                        .as("of two nonces")
                        .isEqualTo(2);
                assertThat(stream.send(joined(ping(9), hello)).next().hasChallenge())
                        .isTrue();
            }
        });
    }

    @Test
    void whatIsLargeOnlyOnceUnpackedIsRefusedAsWell() {
        leavesNoTrace(() -> {
            try (RawFrames stream = RawFrames.compressed(leader())) {
                assertViolation("64 MiB of zeros, packed", stream.send(new byte[LARGE]));
            }
        });
    }

    @Test
    void aFrameIsRefusedByItsAnnouncedSize() throws IOException {
        try (RawHttp2 connection = RawHttp2.open(leader())) {
            connection.send(HEADERS, END_HEADERS, 1, RawHttp2.callHeaders(SESSION));
            byte[] announced =
                    ByteBuffer.allocate(6).put((byte) 0).putInt(LARGE).array();
            connection.send(DATA, 0, 1, announced);
            connection.await(WireIT::isEnd);
            assertAnswers(connection, 3);
        }
    }

    @Test
    void dataBehindTheEndOfACallIsNotHeard() throws IOException {
        try (RawHttp2 connection = RawHttp2.open(leader())) {
            connection.send(HEADERS, END_HEADERS | END_STREAM, 1, RawHttp2.callHeaders(SESSION));
            connection.await(WireIT::isEnd);
            connection.send(DATA, 0, 1, new byte[] {0, 0, 0, 0, 0});
            RawHttp2.Frame answer = connection.await(frame -> frame.type() == RST_STREAM);
            assertThat(answer.errorCode()).isEqualTo(STREAM_CLOSED);
            assertAnswers(connection, 3);
        }
    }

    static Stream<Arguments> oddCalls() {
        return Stream.of(
                Arguments.of("no such service", RawHttp2.callHeaders("/no.such.Service/Call")),
                Arguments.of("no such method", RawHttp2.callHeaders("/peerlink.v1.Router/Nothing")),
                Arguments.of("no method at all", RawHttp2.callHeaders("/")),
                Arguments.of("a path out of the tree", RawHttp2.callHeaders("/../../etc/passwd")),
                Arguments.of("not gRPC", RawHttp2.callHeaders(SESSION, "raw", "text/html")),
                Arguments.of(
                        "a deadline of 1 ns",
                        RawHttp2.callHeaders(SESSION, "raw", "application/grpc", "grpc-timeout", "1n")),
                Arguments.of(
                        "a deadline that is none",
                        RawHttp2.callHeaders(SESSION, "raw", "application/grpc", "grpc-timeout", "soon")),
                Arguments.of(
                        "an unknown encoding",
                        RawHttp2.callHeaders(SESSION, "raw", "application/grpc", "grpc-encoding", "rot13")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("oddCalls")
    void oddCallsEndAndTheConnectionStays(String what, byte[] headers) throws IOException {
        try (RawHttp2 connection = RawHttp2.open(leader())) {
            connection.send(HEADERS, END_HEADERS, 1, headers);
            assertThat(connection.await(WireIT::isEnd)).as(what).isNotNull();
            assertAnswers(connection, 3);
        }
    }

    /** The router has one tenant: it looks at no authority. */
    @Test
    void anyAuthorityReachesTheSameRouter() throws IOException {
        for (String authority : new String[] {"evil.example", "127.0.0.1:1", "a@b", "localhost:99999"}) {
            try (RawHttp2 connection = RawHttp2.open(leader())) {
                connection.send(HEADERS, END_HEADERS, 1, RawHttp2.callHeaders(SESSION, authority, "application/grpc"));
                byte[] message = ping(5);
                connection.send(
                        DATA,
                        0,
                        1,
                        ByteBuffer.allocate(5 + message.length)
                                .put((byte) 0)
                                .putInt(message.length)
                                .put(message)
                                .array());
                RawHttp2.Frame pong = connection.await(frame -> frame.stream() == 1 && frame.type() == DATA);
                assertThat(pong.payload()).endsWith(5);
            }
        }
    }

    /** Of the first call. */
    private static boolean isEnd(RawHttp2.Frame frame) {
        return frame.stream() == 1 && (frame.type() == RST_STREAM || (frame.flags() & END_STREAM) != 0);
    }

    private static void assertAnswers(RawHttp2 connection, int stream) throws IOException {
        connection.send(HEADERS, END_HEADERS, stream, RawHttp2.callHeaders("/no.such/Call"));
        assertThat(connection.await(frame -> frame.stream() == stream).type())
                .as("the next call is answered")
                .isEqualTo(HEADERS);
    }

    @Test
    void aTokenCountsOnlyWhereAndAsItIsExpected() {
        try (RawSession session = RawSession.open(leader())) {
            String token = session.attach(Identity.generate("wire-token")).getSessionToken();
            Metadata binary = new Metadata();
            binary.put(
                    Metadata.Key.of("peerlink-session-bin", Metadata.BINARY_BYTE_MARSHALLER),
                    token.getBytes(StandardCharsets.US_ASCII));
            assertThat(question(session, binary)).isEqualTo(Status.Code.UNAUTHENTICATED);
            Metadata last = new Metadata();
            last.put(TOKEN, token);
            last.put(TOKEN, "guess");
            assertThat(question(session, last)).as("of two the last one counts").isEqualTo(Status.Code.UNAUTHENTICATED);
            Metadata both = new Metadata();
            both.put(TOKEN, token + "," + token);
            assertThat(question(session, both)).isEqualTo(Status.Code.UNAUTHENTICATED);
            Metadata own = new Metadata();
            own.put(TOKEN, token);
            assertThat(question(session, own)).isEqualTo(Status.Code.OK);
        }
    }

    private static Status.Code question(RawSession session, Metadata headers) {
        try {
            session.queries()
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                    .withDeadlineAfter(TestCluster.PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    .listGroups(ListGroupsRequest.getDefaultInstance());
            return Status.Code.OK;
        } catch (StatusRuntimeException e) {
            return e.getStatus().getCode();
        }
    }
}
