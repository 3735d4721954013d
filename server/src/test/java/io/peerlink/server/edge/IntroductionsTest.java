package io.peerlink.server.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerlink.protocol.v1.IntroduceResponse;
import io.peerlink.protocol.v1.RouterIdentity;
import io.peerlink.server.config.ConfigLoader;
import io.peerlink.server.config.ServerConfig;
import io.peerlink.server.identity.DataDirectory;
import io.peerlink.server.raft.RouterStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IntroductionsTest {
    private static final int OTHERS = 2;

    @TempDir
    private Path directory;

    private DataDirectory data;
    private Introductions introductions;

    @BeforeEach
    void open() throws Exception {
        Path file = directory.resolve("n1.conf");
        Files.writeString(file, """
                peerlink {
                  cluster-id = acme
                  router-id = n1
                  data-dir = "%s/data"
                  routers = [
                    { id = n1, client = "127.0.0.1:1", raft = "127.0.0.1:11" }
                    { id = n2, client = "127.0.0.1:2", raft = "127.0.0.1:12" }
                    { id = n3, client = "127.0.0.1:3", raft = "127.0.0.1:13" }
                  ]
                }
                """.formatted(directory));
        ServerConfig config = ConfigLoader.load(Optional.of(file), Map.of());
        data = DataDirectory.open(config.dataDir(), "acme", "n1", false);
        data.claim();
        introductions = new Introductions(config, data, new RouterCalls(Optional.empty()));
    }

    @Test
    void oneStaleRouterDoesNotStopAHealthyOne() {
        meetBoth();
        assertThat(hear("n2", "acme", "another")).isEmpty();
        assertThat(hear("n2", "acme", "another")).as("said twice is one voice").isEmpty();
    }

    @Test
    void aMajorityOfTheOthersStopsIt() {
        meetBoth();
        assertThat(hear("n2", "acme", "another")).isEmpty();
        assertThat(hear("n3", "acme", "another")).isPresent();
    }

    @Test
    void aVoiceThatWasTakenBackDoesNotCount() {
        meetBoth();
        assertThat(hear("n2", "acme", "another")).isEmpty();
        assertThat(hear("n2", "acme", data.owner().incarnation())).isEmpty();
        assertThat(hear("n3", "acme", "another")).isEmpty();
    }

    @Test
    void theLeaderThatItFollowsStopsIt() {
        meetBoth();
        assertThat(introductions.hear("127.0.0.1:2", response("n2", "acme", "another"), status("n2"), OTHERS))
                .isPresent();
    }

    @Test
    void anotherClusterIsNeverBelieved() {
        assertThat(hear("n2", "other", "another")).isEmpty();
        assertThat(hear("n3", "other", "another")).isEmpty();
        assertThat(introductions.hear("127.0.0.1:2", response("n2", "other", "another"), status("n2"), OTHERS))
                .isEmpty();
    }

    @Test
    void aWipedRouterIsStoppedByTheFirstThatKnewIt() {
        assertThat(hear("n2", "acme", "another")).isPresent();
    }

    private void meetBoth() {
        assertThat(hear("n2", "acme", data.owner().incarnation())).isEmpty();
        assertThat(hear("n3", "acme", data.owner().incarnation())).isEmpty();
    }

    private Optional<?> hear(String id, String cluster, String known) {
        return introductions.hear("127.0.0.1:" + id.substring(1), response(id, cluster, known), status(""), OTHERS);
    }

    private static IntroduceResponse response(String id, String cluster, String known) {
        return IntroduceResponse.newBuilder()
                .setSelf(RouterIdentity.newBuilder()
                        .setClusterId(cluster)
                        .setRouterId(id)
                        .setIncarnation("of-" + id)
                        .setOrigin("new")
                        .setClientAddress("127.0.0.1:" + id.substring(1)))
                .setKnownIncarnation(known)
                .setMember(true)
                .build();
    }

    private static RouterStatus status(String leader) {
        Optional<String> id = Optional.of(leader).filter(name -> !name.isEmpty());
        return new RouterStatus(
                RouterStatus.Role.FOLLOWER,
                1,
                id,
                id.map(name -> "127.0.0.1:" + name.substring(1)),
                1,
                1,
                1,
                0,
                true,
                List.of());
    }
}
