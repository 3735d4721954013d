package io.peerlink.server.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The JVM, the process and the disk under it. */
final class ProcessMeters implements AutoCloseable {
    private static final Path OWN_STATUS = Path.of("/proc/self/status");

    private final JvmGcMetrics collections = new JvmGcMetrics();

    ProcessMeters(MeterRegistry registry, Path dataDirectory) {
        collections.bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        Gauge.builder("peerlink.resident.bytes", ProcessMeters::residentBytes)
                .description("Memory of the process; 0 where /proc is missing")
                .register(registry);
        File disk = dataDirectory.toFile();
        Gauge.builder("peerlink.disk.free.bytes", disk::getUsableSpace)
                .description("Room on the disk of data-dir")
                .register(registry);
        Gauge.builder("peerlink.disk.total.bytes", disk::getTotalSpace)
                .description("Size of the disk of data-dir")
                .register(registry);
    }

    /** 0 where it is not known. */
    static long residentBytes() {
        try (Stream<String> lines = Files.lines(OWN_STATUS)) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }

    @Override
    public void close() {
        collections.close();
    }
}
