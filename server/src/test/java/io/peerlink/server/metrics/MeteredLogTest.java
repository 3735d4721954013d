package io.peerlink.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.peerlink.log.v1.Batch;
import io.peerlink.log.v1.Command;
import io.peerlink.server.raft.CommandLog.AppendResult;
import io.peerlink.statemachine.ApplyResult;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class MeteredLogTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final CompletableFuture<AppendResult> result = new CompletableFuture<>();
    private final MeteredLog log = new MeteredLog(registry, batch -> result);

    private static Batch batch() {
        return Batch.newBuilder()
                .addCommands(Command.getDefaultInstance())
                .addCommands(Command.getDefaultInstance())
                .build();
    }

    private long committed() {
        return registry.get("peerlink.commit").timer().count();
    }

    @Test
    void anEntryIsTimedOnceItIsApplied() {
        assertThat(log.p99Micros()).isZero();
        CompletableFuture<AppendResult> told = log.append(batch());
        assertThat(committed()).isZero();

        result.complete(new AppendResult.Applied(new ApplyResult(List.of(), List.of())));

        assertThat(told).isCompleted();
        assertThat(committed()).isEqualTo(1);
        assertThat(log.p99Micros()).isPositive();
        assertThat(registry.get("peerlink.batch.commands").summary().totalAmount())
                .isEqualTo(2);
        assertThat(registry.get("peerlink.batch").summary().totalAmount()).isEqualTo(batch().getSerializedSize());
    }

    @Test
    void oneThatIsLostIsCountedAndNotTimed() {
        log.append(batch());
        result.complete(new AppendResult.Unknown("planned", Optional.empty()));

        assertThat(committed()).isZero();
        assertThat(registry.get("peerlink.entries.unknown").counter().count()).isEqualTo(1);
    }
}
