package io.peerlink.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerlink.cli.PeerLinkCli;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code peerlink tls}: what it writes and what it leaves alone. */
final class TlsCommandTest {
    private static final int CONFLICT = 4;
    private static final int NOT_FOUND = 3;
    private static final int USAGE = 2;

    @TempDir
    private Path scratch;

    private static X509Certificate certificate(Path file) throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(file)) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    private String directory() {
        return scratch.resolve("tls").toString();
    }

    @Test
    void makesCertificatesThatNameTheirHostsAndCanBeBothEnds() throws IOException, GeneralSecurityException {
        assertThat(PeerLinkCli.execute("tls", "init", directory(), "m1.example.org,10.0.0.1,::1", "m2"))
                .isZero();
        Path host = scratch.resolve("tls/m1.example.org");

        for (List<String> pair : List.of(List.of("router.pem", "ca.pem"), List.of("raft.pem", "raft-ca.pem"))) {
            X509Certificate own = certificate(host.resolve(pair.get(0)));
            X509Certificate authority = certificate(host.resolve(pair.get(1)));
            own.verify(authority.getPublicKey());
            own.checkValidity();
            assertThat(authority.getBasicConstraints()).isZero();
            assertThat(own.getBasicConstraints()).isEqualTo(-1);
            assertThat(own.getExtendedKeyUsage()).containsExactlyInAnyOrder("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
            assertThat(own.getSubjectAlternativeNames().stream().map(name -> String.valueOf(name.get(1))))
                    .containsExactly("m1.example.org", "10.0.0.1", "0:0:0:0:0:0:0:1");
            assertThat(authority).isEqualTo(certificate(scratch.resolve("tls").resolve(pair.get(1))));
        }
        assertThat(certificate(host.resolve("ca.pem"))).isNotEqualTo(certificate(host.resolve("raft-ca.pem")));
        assertThat(scratch.resolve("tls/m2/router.key")).exists();
        assertThat(host.resolve("ca.key")).doesNotExist();
        assertThat(host.resolve("raft-ca.key")).doesNotExist();
    }

    @Test
    void keepsItAllToItsOwner() throws IOException {
        assertThat(PeerLinkCli.execute("tls", "init", directory(), "m1")).isZero();
        try (Stream<Path> tree = Files.walk(Path.of(directory()))) {
            for (Path path : tree.toList()) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                        .as(path.toString())
                        .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------");
            }
        }
    }

    @Test
    void writesOverNothingUnlessAsked() throws IOException {
        assertThat(PeerLinkCli.execute("tls", "issue", directory(), "m1")).isEqualTo(NOT_FOUND);
        assertThat(PeerLinkCli.execute("tls", "init", directory(), "m1")).isZero();
        byte[] authority = Files.readAllBytes(scratch.resolve("tls/ca.pem"));
        byte[] before = Files.readAllBytes(scratch.resolve("tls/m1/router.pem"));

        assertThat(PeerLinkCli.execute("tls", "init", directory(), "m2")).isEqualTo(CONFLICT);
        assertThat(PeerLinkCli.execute("tls", "issue", directory(), "m1")).isEqualTo(CONFLICT);
        assertThat(scratch.resolve("tls/m2")).doesNotExist();
        assertThat(Files.readAllBytes(scratch.resolve("tls/m1/router.pem"))).isEqualTo(before);
        assertThat(PeerLinkCli.execute("tls", "issue", directory(), "m2")).isZero();
        assertThat(PeerLinkCli.execute("tls", "issue", "--replace", directory(), "m1"))
                .isZero();
        assertThat(Files.readAllBytes(scratch.resolve("tls/m1/router.pem"))).isNotEqualTo(before);
        assertThat(Files.readAllBytes(scratch.resolve("tls/ca.pem"))).isEqualTo(authority);
    }

    @Test
    void namesThatAreNoHostsAreRefusedBeforeAnythingIsWritten() {
        for (String name :
                List.of("", "../up", "a b", "m1,,m2", "-x-", "a/b", "..", "x,DNS:evil", "a:b", ":", ":1", ":::")) {
            assertThat(PeerLinkCli.execute("tls", "init", directory(), "m1", name))
                    .as(name)
                    .isEqualTo(USAGE);
        }
        assertThat(Path.of(directory())).doesNotExist();
    }

    @Test
    void aFileIsNoPlaceForThem() throws IOException {
        Files.writeString(Path.of(directory()), "");
        assertThat(PeerLinkCli.execute("tls", "init", directory(), "m1")).isEqualTo(USAGE);
    }
}
