package io.peerlink.integration.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerlink.client.identity.Fingerprint;
import io.peerlink.client.identity.KnownRouters;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/cluster} on ports and in directories where TLS was spoken before, or was not. */
final class ClusterScriptIT {
    private static final int OK = 0;
    private static final int CONFLICT = 4;
    private static final long PATIENCE_SECONDS = 120;

    @TempDir
    private Path scratch;

    private Path directory = Path.of("");
    private int base;

    @BeforeEach
    void choosePorts() {
        directory = scratch.resolve("cluster");
        base = freeBase();
    }

    @AfterEach
    void wipe() throws IOException, InterruptedException {
        if (Files.exists(directory)) {
            run("wipe");
        }
        assertThat(directory).doesNotExist();
    }

    /** Of ports where clients, routers and HTTP find nobody yet. */
    private static int freeBase() {
        return new Random()
                .ints(20_000, 30_000)
                .filter(ClusterScriptIT::isFree)
                .findFirst()
                .orElseThrow();
    }

    private static boolean isFree(int base) {
        for (int beside : List.of(1, 2, 3, 11, 12, 13, 81, 82, 83)) {
            try (ServerSocket socket = new ServerSocket(base + beside, 1, InetAddress.getLoopbackAddress())) {
                assertThat(socket.isBound()).isTrue();
            } catch (IOException e) {
                return false;
            }
        }
        return true;
    }

    private record Ended(int status, String output) {}

    private Ended run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Distribution.checkout().resolve("bin/cluster").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("--dir", directory.toString(), "--base-port", String.valueOf(base)));
        Path output = Files.createTempFile(scratch, "output", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("XDG_DATA_HOME", scratch.toString());
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .as("%s ends", command)
                .isTrue();
        return new Ended(process.exitValue(), Files.readString(output));
    }

    private void assertStarts(boolean byTls, String... arguments) throws IOException, InterruptedException {
        Ended started = run(arguments);
        assertThat(started.status()).as(started.output()).isEqualTo(OK);
        assertThat(started.output().contains("by TLS")).as(started.output()).isEqualTo(byTls);
        assertThat(run("status").status()).isEqualTo(OK);
    }

    @Test
    void whatWasSpokenAtThesePortsBeforeDoesNotMatter() throws IOException, InterruptedException {
        KnownRouters known = new KnownRouters(scratch.resolve("peerlink/known_routers"));
        for (int i = 1; i <= 3; i++) {
            known.remember(
                    "127.0.0.1:" + (base + i),
                    Fingerprint.of(new byte[] {(byte) i}).text());
        }

        assertStarts(false, "start");

        Ended refused = run("start", "--tls");
        assertThat(refused.status()).as(refused.output()).isEqualTo(CONFLICT);
        assertThat(refused.output()).contains("error: CONFLICT router 1 runs without TLS", "bin/cluster stop");
        assertThat(run("status").status()).as("nothing changed").isEqualTo(OK);
    }

    @Test
    void tlsStaysUntilItIsWiped() throws IOException, InterruptedException {
        assertStarts(true, "start", "--tls");
        assertThat(run("stop").status()).isEqualTo(OK);
        assertStarts(true, "start");
        assertThat(run("wipe").status()).isEqualTo(OK);
        assertStarts(false, "start");
    }
}
