package io.peerlink.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.peerlink.server.edge.FreeSpace;
import io.peerlink.server.health.Readiness;
import io.peerlink.server.raft.RouterStatus;
import io.peerlink.server.raft.RouterStatus.Role;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class OperatorHttpTest {
    private static final Duration CALL_LIMIT = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient client = HttpClient.newHttpClient();
    private volatile Optional<String> leader = Optional.of("n1");
    private OperatorHttp http;

    @BeforeEach
    void serve() throws IOException {
        http = new OperatorHttp("n1", anyPort(), readiness(), () -> "peerlink_x 1\n");
    }

    @AfterEach
    void stop() {
        http.close();
    }

    private static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private Readiness readiness() {
        return new Readiness(
                "n1",
                () -> new RouterStatus(Role.LEADER, 3, leader, leader, 1, 1, 1, 0, true, List.of()),
                new FreeSpace(Path.of("."), 0));
    }

    private HttpResponse<String> call(String method, String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + http.port() + path))
                        .method(method, BodyPublishers.noBody())
                        .timeout(CALL_LIMIT)
                        .build(),
                BodyHandlers.ofString());
    }

    @Test
    void metricsAreServedAsPrometheusWantsThem() throws Exception {
        HttpResponse<String> answer = call("GET", "/metrics");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("peerlink_x 1\n");
        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
    }

    @Test
    void readinessFollowsTheRouterAndLifeDoesNot() throws Exception {
        assertThat(call("GET", "/readyz").statusCode()).isEqualTo(200);
        assertThat(call("GET", "/readyz").body()).contains("\"ready\":true").contains("n1 leads in term 3");

        leader = Optional.empty();
        assertThat(call("GET", "/readyz").statusCode()).isEqualTo(503);
        assertThat(call("GET", "/readyz").body())
                .contains("\"ready\":false")
                .contains("{\"name\":\"leader\",\"ok\":false");
        assertThat(call("GET", "/healthz").statusCode()).isEqualTo(200);
    }

    @Test
    void badCallsAreRefusedWithACodeAndAHint() throws Exception {
        HttpResponse<String> elsewhere = call("GET", "/metrics/../etc/passwd");
        assertThat(elsewhere.statusCode()).isEqualTo(404);
        assertThat(elsewhere.body()).contains("NOT_FOUND").contains("hint");
        HttpResponse<String> writing = call("DELETE", "/metrics");
        assertThat(writing.statusCode()).isEqualTo(405);
        assertThat(writing.headers().firstValue("Allow")).contains("GET, HEAD");
        HttpResponse<String> head = call("HEAD", "/healthz");
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
    }

    @Test
    void garbageEndsItsConnectionAndNothingElse() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), http.port())) {
            socket.getOutputStream().write("\0\1\2 no HTTP\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            socket.getInputStream().readAllBytes();
        }
        assertThat(call("GET", "/healthz").statusCode()).isEqualTo(200);
    }

    @Test
    void requestsThatNeverEndKeepNobodyElseWaiting() throws Exception {
        List<Socket> unfinished = new ArrayList<>();
        try {
            for (int i = 0; i < 30; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), http.port());
                unfinished.add(socket);
                socket.getOutputStream().write("GET /met".getBytes(StandardCharsets.ISO_8859_1));
            }
            assertThat(call("GET", "/healthz").statusCode()).isEqualTo(200);
            Socket last = unfinished.get(29);
            last.getOutputStream().write("rics HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            assertThat(new String(last.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                    .as("the others had not been cut off when this was answered")
                    .contains("peerlink_x 1");
        } finally {
            for (Socket socket : unfinished) {
                socket.close();
            }
        }
    }

    @Test
    void requestsThatNeverEndDoNotHoldTheThreadsForLong() throws Exception {
        try (Socket first = new Socket(InetAddress.getLoopbackAddress(), http.port());
                Socket second = new Socket(InetAddress.getLoopbackAddress(), http.port())) {
            for (Socket socket : List.of(first, second)) {
                socket.getOutputStream().write("GET /metrics HT".getBytes(StandardCharsets.ISO_8859_1));
            }
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> call("GET", "/healthz").statusCode() == 200);
            assertThat(first.getInputStream().read()).as("it was cut off").isEqualTo(-1);
        }
    }

    @Test
    void aFailureIsAnAnswer() throws Exception {
        try (OperatorHttp failing = new OperatorHttp("n1", anyPort(), readiness(), () -> {
            throw new IllegalStateException("planned");
        })) {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + failing.port() + "/metrics"))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(answer.body()).contains("INTERNAL").doesNotContain("planned");
        }
    }

    @Test
    void aPortThatIsTakenIsNamed() {
        InetSocketAddress taken = new InetSocketAddress(InetAddress.getLoopbackAddress(), http.port());
        assertThatThrownBy(() -> new OperatorHttp("n1", taken, readiness(), () -> "").close())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("http: cannot listen on")
                .hasMessageContaining(String.valueOf(http.port()));
    }
}
