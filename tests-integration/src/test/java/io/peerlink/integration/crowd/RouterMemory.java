package io.peerlink.integration.crowd;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a router's process occupies once its garbage is collected. Needs a JDK's {@code jcmd} and Linux. */
record RouterMemory(long pid) {
    /** Resident memory in KiB. */
    long residentKib() throws IOException, InterruptedException {
        // Twice: what the first one finds to be finalised or cleaned is gone after the second.
        collect();
        collect();
        return status("VmRSS:");
    }

    /** From here on the peak counts anew. */
    void forgetPeak() throws IOException {
        Files.writeString(Path.of("/proc", String.valueOf(pid), "clear_refs"), "5");
    }

    /** The most that was resident, in KiB, garbage included. */
    long peakKib() throws IOException {
        return status("VmHWM:");
    }

    private long status(String key) throws IOException {
        return Files.readAllLines(Path.of("/proc", String.valueOf(pid), "status")).stream()
                .filter(line -> line.startsWith(key))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElseThrow();
    }

    private void collect() throws IOException, InterruptedException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        int status = new ProcessBuilder(jcmd.toString(), String.valueOf(pid), "GC.run")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        if (status != 0) {
            throw new IllegalStateException("no garbage collection in " + pid + ": is this a JDK? " + jcmd);
        }
    }
}
