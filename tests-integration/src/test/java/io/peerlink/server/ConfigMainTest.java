package io.peerlink.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerlink.cli.tls.ClusterCertificates;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code config check} looks into the files that a configuration names, as the command line makes them. */
final class ConfigMainTest {
    private static final int USAGE = 2;

    @TempDir
    private Path directory;

    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
    private final PrintStream shell = System.err;
    private ClusterCertificates cluster;
    private Path host;

    @BeforeEach
    void make() throws IOException, GeneralSecurityException {
        cluster = ClusterCertificates.create(directory.resolve("tls"));
        host = cluster.issue(List.of("m1"), Duration.ofDays(1), false);
        System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void giveBack() {
        System.setErr(shell);
    }

    private int check(String configuration) throws IOException {
        Path file = Files.writeString(directory.resolve("node.conf"), "peerlink {\n" + configuration + "\n}\n");
        return ConfigMain.run(List.of("check", file.toString()), Map.of());
    }

    private List<String> problems() {
        return errors.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith("error: CONFIG "))
                .toList();
    }

    @Test
    void filesThatFitAreFine() throws IOException {
        assertThat(check(ClusterCertificates.configuration(host)))
                .as("%s", errors)
                .isZero();
        assertThat(problems()).isEmpty();
    }

    @Test
    void everythingIsToldAtOnceWithItsPlace() throws IOException, GeneralSecurityException {
        Path ended = cluster.issue(List.of("ended"), Duration.ofMinutes(-1), false);
        Files.copy(ended.resolve("router.pem"), host.resolve("ended.pem"));
        Files.copy(ended.resolve("router.key"), host.resolve("ended.key"));
        Files.delete(host.resolve("ca.pem"));
        Files.copy(ended.resolve("raft.key"), host.resolve("other.key"));
        Files.writeString(host.resolve("raft-ca.pem"), "no certificate");

        assertThat(check("tick = 1h\n"
                        + "tls {\n certificate = \"" + host.resolve("ended.pem") + "\"\n key = \""
                        + host.resolve("ended.key") + "\"\n ca = \"" + host.resolve("ca.pem") + "\"\n"
                        + "raft {\n certificate = \"" + host.resolve("raft.pem") + "\"\n key = \""
                        + host.resolve("other.key") + "\"\n ca = \"" + host.resolve("raft-ca.pem") + "\"\n}}"))
                .isEqualTo(USAGE);

        assertThat(problems()).hasSize(5);
        assertThat(problems())
                .anyMatch(line -> line.contains("node.conf: 2: peerlink.tick 3600000ms is out of range"))
                .anyMatch(line -> line.contains("node.conf: 4: peerlink.tls.certificate") && line.contains("ended at"))
                .anyMatch(line -> line.contains("peerlink.tls.ca") && line.contains("cannot be read"))
                .anyMatch(line -> line.contains("node.conf: 9: peerlink.tls.raft.key")
                        && line.contains("is not the key of the certificate in " + host.resolve("raft.pem")))
                .anyMatch(line -> line.contains("peerlink.tls.raft.ca") && line.contains("holds no certificate"));
    }

    @Test
    void whatIsNoKeyIsToldOnce() throws IOException {
        Files.writeString(host.resolve("router.key"), "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");

        assertThat(check(ClusterCertificates.configuration(host))).isEqualTo(USAGE);

        assertThat(problems()).singleElement().asString().contains("peerlink.tls.key", "holds no PKCS#8 key");
    }
}
