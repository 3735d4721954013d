package io.peerlink.integration.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code bin/peerlink-server --supervise} over a stand-in for Java: what it passes on and what it starts again. */
final class SupervisorIT {
    private static final String TELLS_ITS_VERSION = """
            #!/bin/sh
            if [ "$1" = -version ]; then
              echo 'openjdk version "17.0.1"'
              exit 0
            fi
            """;

    @TempDir
    private Path directory;

    private Path output;
    private List<ProcessHandle> started = List.of();

    @BeforeEach
    void prepare() {
        output = directory.resolve("output");
    }

    @AfterEach
    void end() {
        started.forEach(ProcessHandle::destroyForcibly);
    }

    private Process supervise(String router) throws IOException {
        Path java = Files.createDirectories(directory.resolve("bin")).resolve("java");
        Files.writeString(java, TELLS_ITS_VERSION + router);
        assertThat(java.toFile().setExecutable(true)).isTrue();
        // A signal that this JVM was started without, as under nohup, could not be trapped.
        ProcessBuilder builder = new ProcessBuilder(
                        "env",
                        "--default-signal=HUP,INT,TERM",
                        Distribution.home().resolve("bin/peerlink-server").toString(),
                        "--supervise",
                        "dev")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("JAVA_HOME", directory.toString());
        builder.environment().put("PEERLINK_NO_BUILD", "1");
        return builder.start();
    }

    private static int exitStatus(Process supervisor) throws InterruptedException {
        assertThat(supervisor.waitFor(TestCluster.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as("it ends")
                .isTrue();
        return supervisor.exitValue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"HUP", "TERM", "INT"})
    void aSignalStopsTheRouterInGoodOrder(String signal) throws Exception {
        Process supervisor = supervise("""
                tail -f /dev/null &
                trap 'kill $!; echo router told to stop; exit 0' TERM
                echo router runs
                wait
                """);
        await("the router runs")
                .atMost(TestCluster.PATIENCE)
                .until(() -> Files.readString(output).contains("router runs"));
        started = supervisor.descendants().toList();
        assertThat(new ProcessBuilder("kill", "-" + signal, String.valueOf(supervisor.pid()))
                        .start()
                        .waitFor())
                .isZero();
        assertThat(exitStatus(supervisor)).isZero();
        assertThat(Files.readAllLines(output)).containsExactly("router runs", "router told to stop");
        await("nothing is left")
                .atMost(TestCluster.PATIENCE)
                .until(() -> started.stream().noneMatch(ProcessHandle::isAlive));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 4, 73, 74})
    void whatStartingAgainCannotHelpIsPassedOn(int status) throws Exception {
        assertThat(exitStatus(supervise("exit " + status))).isEqualTo(status);
        assertThat(Files.readString(output)).isEmpty();
    }

    @Test
    void aRouterThatStoppedItselfIsStartedAgain() throws Exception {
        Process supervisor = supervise("""
                [ -f been-here ] && exit 74
                touch been-here
                exit 71
                """);
        assertThat(exitStatus(supervisor)).isEqualTo(74);
        assertThat(Files.readAllLines(output))
                .containsExactly("peerlink-server: the router ended with status 71; it starts again in 1 s");
    }
}
