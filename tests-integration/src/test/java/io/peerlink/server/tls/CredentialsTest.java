package io.peerlink.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peerlink.cli.tls.ClusterCertificates;
import io.peerlink.server.config.ServerConfig.PemFiles;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a router takes from the files that the command line makes, and what it leaves. */
final class CredentialsTest {
    private static final List<String> HOST = List.of("host.example.org", "10.0.0.1");

    @TempDir
    private Path directory;

    private ClusterCertificates cluster;
    private PemFiles files;

    @BeforeEach
    void make() throws IOException, GeneralSecurityException {
        cluster = ClusterCertificates.create(directory.resolve("tls"));
        Path host = cluster.issue(HOST, Duration.ofDays(1), false);
        files = new PemFiles(host.resolve("router.pem"), host.resolve("router.key"), host.resolve("ca.pem"));
    }

    /** Of the certificate that it would show now. */
    private static BigInteger serial(Credentials credentials) {
        String alias = credentials.identity().chooseEngineServerAlias("EC", null, null);
        return credentials.identity().getCertificateChain(alias)[0].getSerialNumber();
    }

    @Test
    void takesNewFilesThatFit() throws IOException, GeneralSecurityException {
        Credentials credentials = Credentials.read(files);
        BigInteger first = serial(credentials);
        credentials.look();
        assertThat(serial(credentials)).isEqualTo(first);

        cluster.issue(HOST, Duration.ofDays(2), true);
        credentials.look();

        assertThat(serial(credentials)).isNotEqualTo(first);
    }

    @Test
    void staysWithTheOldOnesWhileTheFilesDoNotFit() throws IOException, GeneralSecurityException {
        Credentials credentials = Credentials.read(files);
        BigInteger first = serial(credentials);
        byte[] key = Files.readAllBytes(files.key());
        cluster.issue(HOST, Duration.ofDays(2), true);
        byte[] newKey = Files.readAllBytes(files.key());
        Files.write(files.key(), key);
        credentials.look();
        assertThat(serial(credentials)).isEqualTo(first);

        Files.delete(files.key());
        credentials.look();
        assertThat(serial(credentials)).isEqualTo(first);

        Files.write(files.key(), newKey);
        Files.setPosixFilePermissions(files.key(), PosixFilePermissions.fromString("rw-------"));
        credentials.look();
        assertThat(serial(credentials)).isNotEqualTo(first);
    }

    @Test
    void aNewKeyThatEverybodyMayReadIsNotTaken() throws IOException, GeneralSecurityException {
        Credentials credentials = Credentials.read(files);
        BigInteger first = serial(credentials);
        cluster.issue(HOST, Duration.ofDays(2), true);
        Files.setPosixFilePermissions(files.key(), PosixFilePermissions.fromString("rw-r--r--"));
        credentials.look();
        assertThat(serial(credentials)).isEqualTo(first);
        assertThatThrownBy(() -> Credentials.read(files))
                .hasMessageContaining("can be read or written by everybody (rw-r--r--)");

        Files.setPosixFilePermissions(files.key(), PosixFilePermissions.fromString("rw-r-----"));
        credentials.look();
        assertThat(serial(credentials)).isNotEqualTo(first);
    }

    @Test
    void refusesToBeginWithWhatDoesNotFit() throws IOException, GeneralSecurityException {
        Path other = cluster.issue(List.of("other"), Duration.ofDays(1), false);
        assertThatThrownBy(() -> Credentials.read(
                        new PemFiles(files.certificate(), other.resolve("router.key"), files.authority())))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the key is not the certificate's");
        assertThatThrownBy(() ->
                        Credentials.read(new PemFiles(files.certificate(), files.certificate(), files.authority())))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> Credentials.read(new PemFiles(files.key(), files.key(), files.authority())))
                .isInstanceOf(IOException.class);
        Path ended = cluster.issue(List.of("ended"), Duration.ofMinutes(-1), false);
        assertThatThrownBy(() -> Credentials.read(
                        new PemFiles(ended.resolve("router.pem"), ended.resolve("router.key"), files.authority())))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("NotAfter");
    }
}
