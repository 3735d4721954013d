package io.peerlink.server.metrics;

import java.time.Duration;
import java.util.stream.LongStream;

/** The bounds that all latencies are counted by. */
final class LatencyBuckets {
    static final Duration[] ALL = LongStream.of(1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000)
            .mapToObj(Duration::ofMillis)
            .toArray(Duration[]::new);

    private LatencyBuckets() {}
}
