package io.peerlink.integration.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Key files survive a power cut, by the system calls that the command line makes; needs strace. */
final class KeyFilesIT {
    private static final Path STRACE = Path.of("/usr/bin/strace");
    private static final long PATIENCE_SECONDS = 120;

    @TempDir
    private Path data;

    @Test
    void aNewKeyAndItsDirectoriesAreSynced() throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(STRACE), "SKIPPED: no " + STRACE);
        Path trace = data.resolve("trace");
        ProcessBuilder traced = new ProcessBuilder(
                STRACE.toString(),
                "-f",
                "-qq",
                "-y",
                "-e",
                "trace=fsync,link,linkat",
                "-o",
                trace.toString(),
                Distribution.home().resolve("bin/peerlink").toString(),
                "operator",
                "init",
                "ann");
        traced.environment().put("XDG_DATA_HOME", data.resolve("xdg").toString());
        Process process = traced.redirectErrorStream(true)
                .redirectOutput(data.resolve("output").toFile())
                .start();
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        String output = Files.readString(data.resolve("output"));
        assumeTrue(!output.contains("ptrace("), "SKIPPED: nobody may be traced here: " + output);
        assertThat(process.exitValue()).as(output).isZero();

        Path keys = data.resolve("xdg/peerlink/operators/keys");
        List<String> calls = Files.readAllLines(trace);
        // Each directory that was made, in the one above it; the key itself; its name.
        assertThat(String.join("\n", calls))
                .as("%s", calls)
                .containsSubsequence(
                        "fsync(", "<" + data + ">",
                        "fsync(", "<" + data.resolve("xdg") + ">",
                        "fsync(", "<" + data.resolve("xdg/peerlink") + ">",
                        "fsync(", "<" + keys.getParent() + ">",
                        "fsync(", "<" + keys + "/.ann.",
                        "link", keys + "/ann.",
                        "fsync(", "<" + keys + ">");
    }
}
