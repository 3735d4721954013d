package io.peerlink.server.tls;

import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.AdvancedTlsX509TrustManager;
import io.grpc.util.AdvancedTlsX509TrustManager.Verification;
import io.grpc.util.CertificateUtils;
import io.peerlink.server.config.FileRights;
import io.peerlink.server.config.ServerConfig.PemFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One certificate with its key, and the authority for those of others. The two that TLS is given here stay the same; what is
 * behind them follows the files, for connections that begin later. {@link #look}: one thread; the rest: any.
 */
public final class Credentials {
    private static final Logger LOGGER = LoggerFactory.getLogger(Credentials.class);
    private static final Duration SOON = Duration.ofDays(30);
    private static final Duration WARN_EACH = Duration.ofDays(1);
    private static final byte[] PROBE = "peerlink".getBytes(StandardCharsets.US_ASCII);

    private final PemFiles files;
    private final AdvancedTlsX509KeyManager identity = new AdvancedTlsX509KeyManager();
    private final AdvancedTlsX509TrustManager trust;
    private List<String> taken;
    private Instant warned = Instant.EPOCH;
    private volatile Instant validUntil = Instant.MIN;
    /** What was said last of files that cannot be taken: said once, not at each look. */
    private String complaint = "";

    private Credentials(PemFiles files) throws IOException, GeneralSecurityException {
        this.files = files;
        this.trust = AdvancedTlsX509TrustManager.newBuilder()
                .setVerification(Verification.CERTIFICATE_AND_HOST_NAME_VERIFICATION)
                .build();
        this.taken = contents();
        take(taken);
    }

    /**
     * Reads the files.
     *
     * @throws IOException saying which file cannot be used and why
     */
    static Credentials read(PemFiles files) throws IOException {
        try {
            return new Credentials(files);
        } catch (GeneralSecurityException e) {
            throw new IOException(describe(files, e), e);
        }
    }

    private static String describe(PemFiles files, Exception fault) {
        return files.certificate() + ", " + files.key() + " or " + files.authority() + " cannot be used: "
                + fault.getMessage();
    }

    /** Takes what is in the files now, if it is new and fits together; says once a day that the certificate ends soon. */
    void look() {
        Instant now = Instant.now();
        if (now.isAfter(validUntil.minus(SOON)) && now.isAfter(warned.plus(WARN_EACH))) {
            warned = now;
            LOGGER.warn(
                    "the certificate in {} ends at {}: renew it (peerlink tls issue --replace); it is taken without a restart",
                    files.certificate(),
                    validUntil);
        }
        takeNewFiles();
    }

    private void takeNewFiles() {
        try {
            List<String> now = contents();
            if (!now.equals(taken)) {
                take(now);
                taken = now;
                complaint = "";
            }
        } catch (IOException | GeneralSecurityException e) {
            String why = describe(files, e);
            if (!why.equals(complaint)) {
                complaint = why;
                LOGGER.error("{}; the certificate from before stays in use", why);
            }
        }
    }

    private List<String> contents() throws IOException {
        List<String> found = List.of(text(files.certificate()), text(files.key()), text(files.authority()));
        Optional<String> exposure = FileRights.exposure(files.key());
        if (exposure.isPresent()) {
            throw new IOException(files.key() + " " + exposure.get());
        }
        return found;
    }

    static String text(Path file) throws IOException {
        if (!Files.isReadable(file)) {
            throw new IOException(file + " cannot be read");
        }
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }

    private void take(List<String> contents) throws IOException, GeneralSecurityException {
        X509Certificate[] chain = certificates(contents.get(0), files.certificate());
        PrivateKey key = key(contents.get(1), files.key());
        X509Certificate[] authorities = certificates(contents.get(2), files.authority());
        chain[0].checkValidity();
        requirePair(key, chain[0]);
        identity.updateIdentityCredentials(chain, key);
        trust.updateTrustCredentials(authorities);
        validUntil = chain[0].getNotAfter().toInstant();
        LOGGER.info("uses the certificate in {}, valid until {}", files.certificate(), validUntil);
    }

    static X509Certificate[] certificates(String pem, Path file) throws CertificateException {
        X509Certificate[] found = CertificateUtils.getX509Certificates(stream(pem));
        if (found.length == 0) {
            throw new CertificateException(file + " holds no certificate");
        }
        return found;
    }

    static PrivateKey key(String pem, Path file) throws IOException, GeneralSecurityException {
        try {
            return CertificateUtils.getPrivateKey(stream(pem));
        } catch (IllegalArgumentException | InvalidKeySpecException e) {
            throw new InvalidKeySpecException(file + " holds no PKCS#8 key, RSA or EC", e);
        }
    }

    private static ByteArrayInputStream stream(String pem) {
        return new ByteArrayInputStream(pem.getBytes(StandardCharsets.ISO_8859_1));
    }

    static void requirePair(PrivateKey key, X509Certificate certificate) throws GeneralSecurityException {
        Signature signature =
                Signature.getInstance(key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA");
        signature.initSign(key);
        signature.update(PROBE);
        byte[] signed = signature.sign();
        signature.initVerify(certificate.getPublicKey());
        signature.update(PROBE);
        if (!signature.verify(signed)) {
            throw new CertificateException("the key is not the certificate's");
        }
    }

    /** When the certificate in use ends. */
    public Instant validUntil() {
        return validUntil;
    }

    /** Shows the certificate. */
    public X509ExtendedKeyManager identity() {
        return identity;
    }

    /** Believes the authority's certificates, of a server only if it names the host that was called. */
    public X509ExtendedTrustManager trust() {
        return trust;
    }
}
