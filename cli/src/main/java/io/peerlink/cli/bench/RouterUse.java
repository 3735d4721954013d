package io.peerlink.cli.bench;

import io.peerlink.cli.local.LocalRouter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * What a router's process has used.
 *
 * @param id the router
 * @param cpuMs processor time since its start, in milliseconds
 * @param residentMb memory it occupies, in megabytes; empty where /proc is missing
 */
record RouterUse(String id, long cpuMs, OptionalLong residentMb) {
    static RouterUse of(LocalRouter router) {
        long cpu = ProcessHandle.of(router.pid())
                .flatMap(process -> process.info().totalCpuDuration())
                .map(Duration::toMillis)
                .orElse(0L);
        return new RouterUse(router.id(), cpu, resident(router.pid()));
    }

    private static OptionalLong resident(long pid) {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
                    .findFirst();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    /** The same router with the processor time since {@code before}. */
    RouterUse since(RouterUse before) {
        return new RouterUse(id, cpuMs - before.cpuMs, residentMb);
    }
}
