package io.peerlink.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DiskWatchTest {
    private static final long MS = 1_000_000;
    /** A day ahead: what the watch itself sees meanwhile lies before it. */
    private static final long LATER = 86_400_000_000_000L;

    @Test
    void tellsTheLongestStallOfATime(@TempDir Path directory) throws Exception {
        try (DiskWatch watch = new DiskWatch(directory)) {
            long start = System.nanoTime() + LATER;
            watch.note(start, start + 300 * MS);
            watch.note(start + 400 * MS, start + 450 * MS);
            watch.note(start + 500 * MS, start + 505 * MS);

            assertThat(watch.longestMs(start)).isEqualTo(300);
            assertThat(watch.longestMs(start + 350 * MS)).isEqualTo(50);
            assertThat(watch.longestMs(start + 450 * MS))
                    .as("too short to be one")
                    .isZero();
        }
        try (var left = Files.list(directory)) {
            assertThat(left).isEmpty();
        }
    }
}
