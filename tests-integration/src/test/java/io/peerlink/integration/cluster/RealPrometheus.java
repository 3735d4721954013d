package io.peerlink.integration.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.peerlink.cli.local.LocalRouter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real Prometheus scrapes three routers, with TLS and under load, evaluates our rules and answers our dashboard. Only with
 * {@code -Pprometheus}, as it needs the program on the machine.
 */
final class RealPrometheus {
    private static final String JOB = "peerlink";

    @RegisterExtension
    static final TestCluster CLUSTER = TestCluster.ofThree().withTls();

    @TempDir
    private Path directory = Path.of("");

    private final HttpClient client = HttpClient.newHttpClient();
    private Process prometheus;
    private int port;

    @BeforeEach
    void startPrometheus() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Files.copy(OpsFiles.alerts(), directory.resolve("alerts.yml"));
        String targets = CLUSTER.routers().stream()
                .map(router -> '"' + router.httpAddress() + '"')
                .collect(Collectors.joining(", ", "[", "]"));
        String example = OpsFiles.read(OpsFiles.alerts().resolveSibling("prometheus.yml"));
        String config = example.replaceAll("15s", "1s").replaceAll("targets: .*", "targets: " + targets);
        assertThat(config).contains(targets).contains("scrape_interval: 1s");
        Path file = Files.writeString(directory.resolve("prometheus.yml"), config);
        prometheus = new ProcessBuilder(
                        "prometheus",
                        "--config.file=" + file,
                        "--storage.tsdb.path=" + directory.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("prometheus.log").toFile())
                .start();
    }

    @AfterEach
    void stopPrometheus() throws InterruptedException {
        prometheus.destroyForcibly().waitFor();
    }

    private JsonObject ask(String path) throws IOException, InterruptedException {
        String body = client.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/" + path))
                                .build(),
                        BodyHandlers.ofString())
                .body();
        return new Gson().fromJson(body, JsonObject.class);
    }

    private JsonArray query(String expression) throws IOException, InterruptedException {
        JsonObject answer = ask("query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8));
        assertThat(answer.get("status").getAsString())
                .as("%s: %s", expression, answer)
                .isEqualTo("success");
        return answer.getAsJsonObject("data").getAsJsonArray("result");
    }

    private List<JsonObject> rules() throws IOException, InterruptedException {
        List<JsonObject> rules = new ArrayList<>();
        for (JsonElement group : ask("rules").getAsJsonObject("data").getAsJsonArray("groups")) {
            StreamSupport.stream(group.getAsJsonObject().getAsJsonArray("rules").spliterator(), false)
                    .map(JsonElement::getAsJsonObject)
                    .forEach(rules::add);
        }
        return rules;
    }

    private String stateOf(String alert) throws IOException, InterruptedException {
        return rules().stream()
                .filter(rule -> rule.get("name").getAsString().equals(alert))
                .map(rule -> rule.get("state").getAsString())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void scrapesThreeRoutersAndEvaluatesTheRules() throws Exception {
        try (Load load = Load.start(CLUSTER, "prom")) {
            await("three routers are up")
                    .atMost(TestCluster.PATIENCE)
                    .ignoreExceptions()
                    .until(() -> query("up{job=\"" + JOB + "\"} == 1").size() == 3);
            await("every panel of the dashboard shows something")
                    .atMost(TestCluster.PATIENCE)
                    .untilAsserted(() -> {
                        for (String expression : OpsFiles.dashboardExpressions(JOB)) {
                            assertThat(query(expression)).as(expression).isNotEmpty();
                        }
                    });
            await("rules are evaluated").atMost(TestCluster.PATIENCE).untilAsserted(() -> {
                assertThat(rules()).hasSameSizeAs(OpsFiles.ruleExpressions());
                assertThat(rules())
                        .allSatisfy(rule -> assertThat(rule.get("health").getAsString())
                                .as("%s", rule)
                                .isEqualTo("ok"));
            });
            assertThat(stateOf("PeerLinkRouterDown")).isEqualTo("inactive");
            assertThat(stateOf("PeerLinkCertificateEnds"))
                    .as("certificates of a day")
                    .isNotEqualTo("inactive");
            load.finish();
        }
        LocalRouter dead = CLUSTER.follower();
        CLUSTER.kill(dead);
        await("the alert of a dead router wakes")
                .atMost(TestCluster.PATIENCE)
                .until(() -> !stateOf("PeerLinkRouterDown").equals("inactive"));
        assertThat(stateOf("PeerLinkNobodyLeads")).isEqualTo("inactive");
    }
}
