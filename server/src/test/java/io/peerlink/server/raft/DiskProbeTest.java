package io.peerlink.server.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DiskProbeTest {
    /** Takes no byte. */
    private static final Path SICK = Path.of("/dev/full");

    private final List<String> halts = new ArrayList<>();

    @TempDir
    private Path disk;

    private DiskProbe probe(Path file, LongSupplier flushIndex) {
        return new DiskProbe(file, flushIndex, (fault, reason, cause) -> halts.add(fault + ": " + reason));
    }

    @Test
    void aDiskThatFailsWhileTheLogRestsHalts() {
        DiskProbe probe = probe(SICK, () -> 7);
        probe.run();
        assertThat(halts).isEmpty();
        probe.run();
        assertThat(halts).singleElement().asString().startsWith("LOG_NOT_WRITTEN: the disk does not sync /dev/full");
    }

    @Test
    void aLogThatIsFlushedIsProofEnough() {
        AtomicLong flushed = new AtomicLong();
        DiskProbe probe = probe(SICK, flushed::incrementAndGet);
        probe.run();
        probe.run();
        probe.run();
        assertThat(halts).isEmpty();
    }

    @Test
    void withoutALogTheDiskIsAskedAllTheSame() {
        probe(SICK, () -> {
                    throw new LogUnavailableException("no such group");
                })
                .run();
        assertThat(halts).hasSize(1);
    }

    @Test
    void aHealthyDiskIsWrittenInOnePlace() {
        DiskProbe probe = probe(disk.resolve("disk.probe"), () -> 7);
        probe.run();
        probe.run();
        probe.run();
        assertThat(halts).isEmpty();
        assertThat(disk.resolve("disk.probe")).hasSize(4096);
    }

    @Test
    void aDirectoryThatIsGoneHalts() {
        DiskProbe probe = probe(disk.resolve("gone").resolve("disk.probe"), () -> 7);
        probe.run();
        probe.run();
        assertThat(halts).hasSize(1);
    }
}
