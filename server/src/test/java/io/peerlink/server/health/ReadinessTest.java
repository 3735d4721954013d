package io.peerlink.server.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerlink.server.edge.FreeSpace;
import io.peerlink.server.raft.LogUnavailableException;
import io.peerlink.server.raft.RouterStatus;
import io.peerlink.server.raft.RouterStatus.Role;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReadinessTest {
    @TempDir
    private Path directory = Path.of("");

    private static RouterStatus status(Role role, Optional<String> leader, long known, long applied) {
        return new RouterStatus(role, 7, leader, leader, known, known, applied, 0, true, List.of());
    }

    private List<String> failing(Supplier<RouterStatus> status, long floorBytes) {
        FreeSpace freeSpace = new FreeSpace(directory, floorBytes);
        freeSpace.look();
        Readiness.Report report = new Readiness("n1", status, freeSpace).look();
        assertThat(report.ready()).isEqualTo(report.checks().stream().allMatch(Readiness.Check::ok));
        return report.checks().stream()
                .filter(check -> !check.ok())
                .map(Readiness.Check::name)
                .toList();
    }

    @Test
    void aFollowerThatKnowsItsLeaderIsReady() {
        assertThat(failing(() -> status(Role.FOLLOWER, Optional.of("n2"), 2_000, 1_000), 0))
                .isEmpty();
    }

    @Test
    void withoutALeaderNobodyIs() {
        assertThat(failing(() -> status(Role.CANDIDATE, Optional.empty(), 5, 5), 0))
                .containsExactly("leader");
    }

    @Test
    void aLeaderThatNoMajorityAnswersIsNot() {
        RouterStatus alone =
                new RouterStatus(Role.LEADER, 7, Optional.of("n1"), Optional.empty(), 5, 5, 5, 0, false, List.of());
        assertThat(failing(() -> alone, 0)).containsExactly("leader");
    }

    @Test
    void whoHasMoreToApplyThanASecondsWorkIsNot() {
        assertThat(failing(() -> status(Role.FOLLOWER, Optional.of("n2"), 2_001, 1_000), 0))
                .containsExactly("caught_up");
    }

    @Test
    void whoWaitsToBeAddedIsNot() {
        assertThat(failing(() -> status(Role.STARTING, Optional.of("n2"), 0, 0), 0))
                .containsExactly("caught_up");
    }

    @Test
    void aFullDiskIsTold() {
        assertThat(failing(() -> status(Role.LEADER, Optional.of("n1"), 5, 5), Long.MAX_VALUE))
                .containsExactly("disk");
    }

    @Test
    void aClosedLogIsTold() {
        assertThat(failing(
                        () -> {
                            throw new LogUnavailableException("closed");
                        },
                        0))
                .containsExactly("log");
    }
}
