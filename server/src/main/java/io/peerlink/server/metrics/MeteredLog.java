package io.peerlink.server.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.ValueAtPercentile;
import io.peerlink.log.v1.Batch;
import io.peerlink.server.raft.CommandLog;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The log, with every entry timed and measured: what it holds, and how long it is under way until it is applied here. */
final class MeteredLog implements CommandLog {
    private static final double P99 = 0.99;

    private final CommandLog log;
    private final Timer commit;
    private final DistributionSummary commands;
    private final DistributionSummary bytes;
    private final Counter lost;

    /** Registers its meters. */
    MeteredLog(MeterRegistry registry, CommandLog log) {
        this.log = log;
        this.commit = Timer.builder("peerlink.commit")
                .description("From the append of an entry to its being on a majority of disks and applied here")
                .serviceLevelObjectives(LatencyBuckets.ALL)
                .publishPercentiles(P99)
                .register(registry);
        this.commands = DistributionSummary.builder("peerlink.batch.commands")
                .description("Commands in an entry")
                .serviceLevelObjectives(1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000)
                .register(registry);
        this.bytes = DistributionSummary.builder("peerlink.batch")
                .description("Size of an entry")
                .baseUnit("bytes")
                .serviceLevelObjectives(256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576)
                .register(registry);
        this.lost = Counter.builder("peerlink.entries.unknown")
                .description("Entries of which this router cannot tell what becomes of them")
                .register(registry);
    }

    @Override
    public CompletableFuture<AppendResult> append(Batch batch) {
        long start = System.nanoTime();
        commands.record(batch.getCommandsCount());
        // Computed once: it is written next.
        bytes.record(batch.getSerializedSize());
        CompletableFuture<AppendResult> result = log.append(batch);
        result.thenAccept(found -> {
            if (found instanceof AppendResult.Applied) {
                commit.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
            } else {
                lost.increment();
            }
        });
        return result;
    }

    /** What 99 of 100 of the entries of the last minutes took at most, in microseconds; 0 without any. */
    long p99Micros() {
        for (ValueAtPercentile value : commit.takeSnapshot().percentileValues()) {
            return (long) value.value(TimeUnit.MICROSECONDS);
        }
        return 0;
    }
}
