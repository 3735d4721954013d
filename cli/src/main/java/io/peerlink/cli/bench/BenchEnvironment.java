package io.peerlink.cli.bench;

import java.util.Locale;
import java.util.Optional;

/**
 * What figures depend on beside PeerLink. Told with them, because without it they mean nothing.
 *
 * @param version of PeerLink
 * @param processors of this machine, for the load and, if they are ours, the routers
 * @param os name, release and architecture
 * @param java version of the virtual machine that makes the load
 * @param sync of the routers' disk; empty if the routers are not ours
 */
record BenchEnvironment(String version, int processors, String os, String java, Optional<SyncLatency> sync) {
    static BenchEnvironment here(String version, Optional<SyncLatency> sync) {
        return new BenchEnvironment(
                version,
                Runtime.getRuntime().availableProcessors(),
                String.join(
                        " ",
                        System.getProperty("os.name"),
                        System.getProperty("os.version"),
                        System.getProperty("os.arch")),
                System.getProperty("java.vm.version"),
                sync);
    }

    /** One line for people. */
    String line() {
        String disk = sync.map(latency -> String.format(
                        Locale.ROOT,
                        "a disk that syncs 4 KiB in %.2f ms (p50), %.2f ms (p99)",
                        latency.p50Micros() / 1e3,
                        latency.p99Micros() / 1e3))
                .orElse("routers elsewhere");
        return version + " on " + processors + " processors, " + os + ", Java " + java + ", " + disk
                + "; acknowledged means: synced on a majority";
    }
}
