package io.peerlink.cli.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.HdrHistogram.Histogram;

/**
 * How long a disk takes to sync 4 KiB: the floor under every acknowledgement.
 *
 * @param p50Micros the median, in microseconds
 * @param p99Micros the 99th percentile, in microseconds
 */
record SyncLatency(long p50Micros, long p99Micros) {
    private static final int PROBES = 200;
    private static final int PROBE_BYTES = 4_096;
    private static final int DIGITS = 3;

    /** Measures the disk under a directory. Blocks for {@value #PROBES} syncs. */
    static SyncLatency measure(Path directory) throws IOException {
        Histogram micros = new Histogram(DIGITS);
        Path probe = Files.createTempFile(directory, "sync", ".probe");
        try (FileChannel channel = FileChannel.open(probe, StandardOpenOption.WRITE)) {
            for (int i = 0; i < PROBES; i++) {
                channel.write(ByteBuffer.allocate(PROBE_BYTES));
                long begin = System.nanoTime();
                channel.force(false);
                micros.recordValue((System.nanoTime() - begin) / 1_000);
            }
        } finally {
            Files.delete(probe);
        }
        return new SyncLatency(micros.getValueAtPercentile(50), micros.getValueAtPercentile(99));
    }
}
