package io.peerlink.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerlink.cli.command.ClusterTour.Stop;
import io.peerlink.cli.output.Table;
import io.peerlink.client.admin.RouterInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class TopTableTest {
    private final TopTable table = new TopTable();

    private static Stop leader(long uptimeMs, long requests, long deliveries) {
        RouterInfo info = new RouterInfo(
                "n1",
                "acme",
                "1",
                RouterInfo.Role.LEADER,
                true,
                4,
                Optional.empty(),
                new RouterInfo.LogState(110, 100, 0),
                2,
                Duration.ofMillis(uptimeMs),
                new RouterInfo.Disk(5_000_000, 9_000_000),
                Instant.EPOCH,
                List.of(),
                Optional.empty(),
                Optional.of(new RouterInfo.Load(requests, deliveries, 3, Duration.ofMillis(8), 250_000_000)));
        return new Stop("h:1", "n1", Optional.of(info), "");
    }

    private static Object cell(Table table, String column) {
        return table.rows().get(0).get(table.columns().indexOf(column));
    }

    @Test
    void ratesAreOfTheTimeBetweenTwoLooks() {
        assertThat(cell(table.next(List.of(leader(1_000, 50, 10))), "requests_s"))
                .isEqualTo("-");

        Table second = table.next(List.of(leader(3_000, 250, 11)));

        assertThat(cell(second, "requests_s")).isEqualTo(100L);
        assertThat(cell(second, "deliveries_s")).isEqualTo(0L);
        assertThat(cell(second, "lag")).isEqualTo(10L);
        assertThat(cell(second, "backlog")).isEqualTo(3L);
        assertThat(cell(second, "commit_p99_ms")).isEqualTo(8L);
        assertThat(cell(second, "memory_mb")).isEqualTo(250L);
        assertThat(cell(second, "disk_free_mb")).isEqualTo(5L);
    }

    @Test
    void aRouterThatStartedAgainHasNoRateYet() {
        table.next(List.of(leader(60_000, 5_000, 5_000)));
        assertThat(cell(table.next(List.of(leader(500, 7, 7))), "requests_s")).isEqualTo("-");
        assertThat(cell(table.next(List.of(leader(1_500, 9, 7))), "requests_s")).isEqualTo(2L);
    }

    @Test
    void aDeadRouterIsARowOfItsOwn() {
        Table shown = table.next(List.of(new Stop("h:2", "n2", Optional.empty(), "UNAVAILABLE")));
        assertThat(cell(shown, "role")).isEqualTo("DOWN");
        assertThat(shown.rows().get(0)).hasSameSizeAs(shown.columns());
    }
}
