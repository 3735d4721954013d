package io.peerlink.client;

import io.peerlink.client.identity.KnownRouters;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;

/** How a client tells a router from somebody in its place. Immutable, thread-safe. */
public sealed interface RouterTrust {
    /** No TLS: for loopback, and for a network that is trusted like the machine. */
    record PlainText() implements RouterTrust {}

    /**
     * TLS: a router shows a certificate of one of these authorities that names the host which was called.
     *
     * @param certificates the authorities' own
     */
    record Authorities(List<X509Certificate> certificates) implements RouterTrust {
        /** Copies the list. */
        public Authorities {
            certificates = List.copyOf(certificates);
        }
    }

    /**
     * TLS: the certificate that a router shows the first time is remembered, and has to be the same from then on.
     *
     * @param known the memory
     */
    record FirstSight(KnownRouters known) implements RouterTrust {}

    /** No TLS. */
    static RouterTrust plainText() {
        return new PlainText();
    }

    /**
     * TLS with the authority of a PEM file, which is read now.
     *
     * @throws IllegalArgumentException if it cannot be read or holds no certificate
     */
    static RouterTrust authority(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            List<X509Certificate> found = CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                    .map(X509Certificate.class::cast)
                    .toList();
            if (found.isEmpty()) {
                throw new IllegalArgumentException(file + " holds no certificate");
            }
            return new Authorities(found);
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("there is no file " + file, e);
        } catch (IOException | CertificateException e) {
            throw new IllegalArgumentException("the certificates in " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** TLS with what is seen first; {@code file} is made if it is missing. */
    static RouterTrust firstSight(Path file) {
        return new FirstSight(new KnownRouters(file));
    }

    /**
     * Whether a redirect may lead to a router that is not known otherwise. Certificates of an authority are as good there as
     * anywhere. At first sight whoever answers would be believed, so it must have been seen. Without TLS there is nothing to tell by.
     *
     * @param address host:port
     */
    default boolean followsTo(String address) {
        return !(this instanceof FirstSight seen) || seen.known().holds(address);
    }
}
