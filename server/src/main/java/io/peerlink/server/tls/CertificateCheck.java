package io.peerlink.server.tls;

import io.peerlink.server.config.ServerConfig;
import io.peerlink.server.config.ServerConfig.PemFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** What is wrong with the certificates, keys and authorities that a configuration names: all of it, where a start stops at the first. */
public final class CertificateCheck {
    private final BiConsumer<String, String> problem;

    private CertificateCheck(BiConsumer<String, String> problem) {
        this.problem = problem;
    }

    /**
     * Reads the files. Those that are missing or cannot be opened are left out: whoever read the configuration has told of them.
     *
     * @param problem takes the key of each and what is wrong
     */
    public static void look(ServerConfig config, BiConsumer<String, String> problem) {
        config.tls().ifPresent(tls -> {
            CertificateCheck check = new CertificateCheck(problem);
            check.look("tls.", tls.clients());
            check.look("tls.raft.", tls.raft());
        });
    }

    private void look(String section, PemFiles files) {
        List<X509Certificate> chain = certificates(section + "certificate", files.certificate());
        certificates(section + "ca", files.authority());
        Optional<PrivateKey> key = key(section + "key", files.key());
        if (key.isPresent() && !chain.isEmpty()) {
            try {
                Credentials.requirePair(key.get(), chain.get(0));
            } catch (GeneralSecurityException e) {
                tell(section + "key", files.key(), "is not the key of the certificate in " + files.certificate());
            }
        }
    }

    private List<X509Certificate> certificates(String key, Path file) {
        if (!isReadable(file)) {
            return List.of();
        }
        try {
            List<X509Certificate> found = List.of(Credentials.certificates(Credentials.text(file), file));
            for (X509Certificate certificate : found) {
                requireValid(key, file, certificate);
            }
            return found;
        } catch (IOException | GeneralSecurityException e) {
            tell(key, file, "holds no certificate that can be read");
            return List.of();
        }
    }

    private void requireValid(String key, Path file, X509Certificate certificate) {
        try {
            certificate.checkValidity();
        } catch (CertificateExpiredException e) {
            tell(
                    key,
                    file,
                    "ended at " + certificate.getNotAfter().toInstant() + " (" + certificate.getSubjectX500Principal()
                            + ")");
        } catch (CertificateNotYetValidException e) {
            tell(
                    key,
                    file,
                    "begins at " + certificate.getNotBefore().toInstant() + " (" + certificate.getSubjectX500Principal()
                            + ")");
        }
    }

    private Optional<PrivateKey> key(String key, Path file) {
        if (!isReadable(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Credentials.key(Credentials.text(file), file));
        } catch (IOException | GeneralSecurityException e) {
            tell(key, file, "holds no PKCS#8 key, RSA or EC");
            return Optional.empty();
        }
    }

    private static boolean isReadable(Path file) {
        return Files.isReadable(file) && Files.isRegularFile(file);
    }

    private void tell(String key, Path file, String what) {
        problem.accept(key, "\"" + file + "\" " + what);
    }
}
