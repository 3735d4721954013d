package io.peerlink.integration.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.peerlink.cli.local.LocalRouter;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What three live routers show of themselves: metrics, health, and {@code peerlink top}. */
final class SeeingIT {
    private static final long CALL_SECONDS = 10;

    @RegisterExtension
    static final TestCluster CLUSTER = TestCluster.ofThree().with("raft.checkpoint-entries = 100");

    /** Those that only grow and must do so on a leader under load. */
    private static final List<String> GROWING = List.of(
            "peerlink_requests_total",
            "peerlink_outcomes_total",
            "peerlink_deliveries_total",
            "peerlink_commit_seconds_count",
            "peerlink_delivery_seconds_count",
            "peerlink_batch_commands_count",
            "peerlink_batch_bytes_count",
            "peerlink_fsync_seconds_count",
            "peerlink_apply_seconds_count",
            "peerlink_apply_seconds_sum",
            "peerlink_applied_commands_total",
            "peerlink_checkpoint_seconds_count",
            "peerlink_checkpoint_index",
            "peerlink_raft_commit_index",
            "peerlink_raft_applied_index");

    @TempDir
    private Path data = Path.of("");

    @Test
    void everyFirstClassMeterMovesUnderLoad() {
        LocalRouter leader = CLUSTER.leader();
        Scrape before = Scrape.of(leader);
        try (Load load = Load.start(CLUSTER, "moving")) {
            await().atMost(TestCluster.PATIENCE).untilAsserted(() -> {
                Scrape now = Scrape.of(leader);
                GROWING.forEach(name -> assertThat(now.sum(name)).as(name).isGreaterThan(before.sum(name)));
                assertThat(now.sum("peerlink_sessions")).isEqualTo(6);
                assertThat(now.sum("peerlink_rocksdb_rows")).isPositive();
                assertThat(now.sum("peerlink_resident_bytes")).isPositive();
                assertThat(now.value("peerlink_raft_role{role=\"leader\"}")).isEqualTo(1);
                assertThat(now.sum("peerlink_ready")).isEqualTo(1);
                assertThat(now.sum("ratis_log_worker_append_entry_count_total")).isPositive();
                assertThat(now.sum("jvm_memory_used_bytes")).isPositive();
            });
            everybody("peerlink_raft_term", scrape -> scrape.sum("peerlink_raft_term"), 1);
            everybody("one role", scrape -> scrape.sum("peerlink_raft_role"), 1);
            everybody("fsyncs", scrape -> scrape.sum("peerlink_fsync_seconds_count"), 1);
            assertThat(CLUSTER.routers().stream()
                            .mapToDouble(router -> Scrape.of(router).sum("peerlink_elections_total"))
                            .sum())
                    .isPositive();
            namesOfPeersAreNotShown("moving");
            everyMetricThatOpsNamesExists();
            topShowsTheLoad();
            load.finish();
        }
    }

    private static void everybody(String what, ToDoubleFunction<Scrape> value, double atLeast) {
        CLUSTER.routers()
                .forEach(router -> assertThat(value.applyAsDouble(Scrape.of(router)))
                        .as(what + " of " + router.id())
                        .isGreaterThanOrEqualTo(atLeast));
    }

    private static void namesOfPeersAreNotShown(String prefix) {
        CLUSTER.routers()
                .forEach(router ->
                        assertThat(Scrape.get(router, "/metrics").body()).doesNotContain(prefix));
    }

    private static void everyMetricThatOpsNamesExists() {
        Set<String> names = new HashSet<>();
        CLUSTER.routers().forEach(router -> names.addAll(Scrape.of(router).names()));
        // TlsIT sees to it.
        names.add(OpsFiles.OF_TLS);
        assertThat(names).containsAll(OpsFiles.metrics());
    }

    private void topShowsTheLoad() {
        try (ShellProcess top = ShellProcess.start(CLUSTER.servers(), data, "top", "--once", "--output", "json")) {
            assertThat(top.end()).as("%s", top.errors()).isZero();
            List<JsonObject> rows = top.output().stream()
                    .map(line -> new Gson().fromJson(line, JsonObject.class))
                    .toList();
            assertThat(rows).hasSize(3);
            JsonObject leader = rows.stream()
                    .filter(row -> row.get("role").getAsString().equals("*LEADER"))
                    .findFirst()
                    .orElseThrow();
            assertThat(leader.get("requests_s").getAsLong()).isPositive();
            assertThat(leader.get("deliveries_s").getAsLong()).isPositive();
            assertThat(leader.get("sessions").getAsLong()).isEqualTo(6);
            assertThat(leader.get("commit_p99_ms").getAsLong()).isPositive();
            assertThat(leader.get("memory_mb").getAsLong()).isPositive();
        }
    }

    @Test
    void withoutAMajorityARouterLivesAndIsNotReady() {
        CLUSTER.routers().forEach(SeeingIT::awaitReady);
        LocalRouter alone = CLUSTER.leader();
        CLUSTER.routers().stream()
                .filter(router -> !router.id().equals(alone.id()))
                .forEach(CLUSTER::kill);

        await().atMost(TestCluster.PATIENCE)
                .until(() -> Scrape.get(alone, "/readyz").statusCode() == 503);
        assertThat(Scrape.get(alone, "/readyz").body())
                .contains("\"ready\":false")
                .contains("{\"name\":\"leader\",\"ok\":false");
        assertThat(Scrape.get(alone, "/healthz").statusCode()).isEqualTo(200);
        await().atMost(TestCluster.PATIENCE).until(() -> health(alone) == ServingStatus.NOT_SERVING);
        assertThat(Scrape.of(alone).sum("peerlink_ready")).isZero();

        CLUSTER.startAll();
        CLUSTER.routers().forEach(SeeingIT::awaitReady);
    }

    /** By both ways to ask. */
    private static void awaitReady(LocalRouter router) {
        await(router.id() + " is ready")
                .atMost(TestCluster.PATIENCE)
                .until(() ->
                        Scrape.get(router, "/readyz").statusCode() == 200 && health(router) == ServingStatus.SERVING);
    }

    private static ServingStatus health(LocalRouter router) {
        ManagedChannel channel = ManagedChannelBuilder.forTarget(router.clientAddress())
                .usePlaintext()
                .build();
        try {
            return HealthGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(CALL_SECONDS, TimeUnit.SECONDS)
                    .check(HealthCheckRequest.getDefaultInstance())
                    .getStatus();
        } finally {
            channel.shutdownNow();
        }
    }
}
