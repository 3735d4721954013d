package io.peerlink.integration.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import io.peerlink.cli.local.LocalRouter;
import io.peerlink.client.OutgoingMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Logs as JSON by switch: every line, with keys that stay, and nothing in them that belongs to users alone. */
final class JsonLogIT {
    private static final String BODY = "the-body-that-nobody-else-may-see";

    @RegisterExtension
    static final TestCluster CLUSTER = TestCluster.ofOne().in(Map.of("PEERLINK_LOG_FORMAT", "json"));

    @Test
    void everyLineIsAnObjectAndNoneHoldsABody() throws IOException {
        LocalRouter router = CLUSTER.leader();
        try (TestPeer alice = CLUSTER.peer("log-alice");
                TestPeer bob = CLUSTER.peer("log-bob")) {
            alice.client().sendAsync(OutgoingMessage.text(bob.name(), BODY)).join();
            // What is refused tends to be logged.
            assertThat(alice.client()
                            .sendAsync(OutgoingMessage.text("nobody-at-all", BODY))
                            .handle((receipt, failure) -> failure != null)
                            .join())
                    .isTrue();
            bob.leave();
            bob.comeBack();
        }
        CLUSTER.restartOrderly(router);

        List<String> lines = Files.readAllLines(router.log());
        assertThat(lines).hasSizeGreaterThan(5);
        for (String line : lines) {
            JsonObject event = new Gson().fromJson(line, JsonObject.class);
            assertThat(event.keySet()).contains("timestamp", "level", "threadName", "loggerName", "formattedMessage");
        }
        String all = String.join("\n", lines);
        assertThat(all).contains("listens for clients");
        assertThat(all).doesNotContain(BODY);
        assertThat(all).doesNotContain(Base64.getEncoder().encodeToString(BODY.getBytes(StandardCharsets.UTF_8)));
        assertThat(all.toLowerCase(java.util.Locale.ROOT)).doesNotContain("token", "private", "nonce");
    }

    @Test
    void anUnknownFormatIsRefusedRatherThanSilent() throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                        Distribution.home().resolve("bin/peerlink-server").toString(), "dev")
                .redirectErrorStream(true);
        builder.environment().put("PEERLINK_LOG_FORMAT", "xml");
        builder.environment().put("PEERLINK_NO_BUILD", "1");
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(TestCluster.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        assertThat(process.exitValue()).isEqualTo(2);
        assertThat(said).contains("PEERLINK_LOG_FORMAT must be text or json, not xml");
    }
}
