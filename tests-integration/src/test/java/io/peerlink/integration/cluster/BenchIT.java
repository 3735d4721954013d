package io.peerlink.integration.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code peerlink bench} for a moment, for what it counts; how fast anything is, is not tested. */
final class BenchIT {
    private static final int OK = 0;
    private static final int USAGE = 2;

    @RegisterExtension
    static final TestCluster CLUSTER = TestCluster.ofThree();

    @TempDir
    private Path data = Path.of("");

    private JsonObject bench(boolean ownCluster, String... arguments) {
        List<String> command = new ArrayList<>(List.of("bench"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--duration", "1s", "--warmup", "0s", "--no-progress", "--json"));
        if (!ownCluster) {
            command.addAll(List.of("--servers", String.join(",", CLUSTER.servers())));
        }
        try (ShellProcess bench = ShellProcess.start(CLUSTER.servers(), data, command.toArray(String[]::new))) {
            assertThat(bench.end()).as("%s %s", bench.output(), bench.errors()).isEqualTo(OK);
            List<String> lines = bench.output();
            JsonObject figures = new Gson().fromJson(lines.get(lines.size() - 1), JsonObject.class);
            assertThat(figures.get("acknowledged").getAsLong()).isPositive();
            assertThat(figures.get("errors").getAsLong()).isZero();
            assertThat(figures.get("p50_us").getAsLong())
                    .isPositive()
                    .isLessThanOrEqualTo(figures.get("max_us").getAsLong());
            return figures;
        }
    }

    private static long number(JsonObject figures, String key) {
        return figures.get(key).getAsLong();
    }

    @Test
    void countsSendsAndFindsAllOfThemDeliveredAfterwards() {
        JsonObject figures = bench(false, "send", "--senders", "3", "--clients", "2", "--in-flight", "20");
        assertThat(number(figures, "delivered")).isEqualTo(number(figures, "acknowledged"));
        assertThat(number(figures, "rate")).isEqualTo(number(figures, "acknowledged_rate"));
        assertThat(figures.has("routers_cpu_ms"))
                .as("the routers are not its own")
                .isFalse();
    }

    @Test
    void keepsAFixedRate() {
        JsonObject figures = bench(false, "deliver", "--rate", "100", "--size", "500");
        assertThat(number(figures, "delivered")).isEqualTo(number(figures, "acknowledged"));
        assertThat(number(figures, "acknowledged")).isBetween(50L, 1_000L);
    }

    @Test
    void countsADeliveryForEachMember() {
        JsonObject figures = bench(false, "fanout", "--members", "3", "--away", "40", "--in-flight", "10");
        assertThat(number(figures, "delivered")).isEqualTo(3 * number(figures, "acknowledged"));
    }

    @Test
    void startsRoutersOfItsOwnAndDrawsThePicture() {
        Path picture = data.resolve("latency.svg");
        JsonObject figures = bench(true, "latency", "--plot", picture.toString());
        assertThat(picture).isNotEmptyFile();
        assertThat(figures.getAsJsonArray("routers")).hasSize(3);
        assertThat(number(figures, "sync_p50_us")).isPositive();
        assertThat(number(figures, "in_flight")).isEqualTo(1);
        assertThat(number(figures, "routers_cpu_ms")).isPositive();
    }

    @Test
    void saysWhatMayBeAskedFor() {
        try (ShellProcess bench = ShellProcess.start(CLUSTER.servers(), data, "bench", "send", "--in-flight", "0")) {
            assertThat(bench.end()).isEqualTo(USAGE);
            assertThat(bench.errors()).contains("error: USAGE --in-flight must be 1 to 15000");
        }
    }
}
