package io.peerlink.client.session;

import io.peerlink.client.PeerLinkException;
import io.peerlink.client.identity.Fingerprint;
import io.peerlink.client.identity.KnownRouters;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Believes a router that shows the certificate which it showed the first time. That is about this very router, so no name in
 * the certificate and no date matters. Network thread; reads a small file, and writes it when a router is seen first.
 */
final class SeenBefore extends X509ExtendedTrustManager {
    private static final Logger LOGGER = LoggerFactory.getLogger(SeenBefore.class);

    private final KnownRouters known;
    private final String address;

    /**
     * For connections to one router.
     *
     * @param address host:port
     */
    SeenBefore(KnownRouters known, String address) {
        this.known = known;
        this.address = address;
    }

    private void check(X509Certificate[] chain) throws CertificateException {
        try {
            compare(Fingerprint.of(chain[0]).text());
        } catch (PeerLinkException e) {
            throw new UntrustedRouterException(String.valueOf(e.getMessage()), e.hint());
        }
    }

    private void compare(String shown) throws UntrustedRouterException {
        String expected = known.fingerprint(address).orElse("");
        if (expected.isEmpty()) {
            expected = known.remember(address, shown);
            LOGGER.warn("{} was never seen before; from now on it must show certificate {}", address, shown);
        }
        if (!shown.equals(expected)) {
            throw new UntrustedRouterException(
                    "it showed certificate " + shown + ", and when it was seen first " + expected,
                    "If the router got a new certificate, compare it (openssl x509 -fingerprint -sha256 -in FILE) and remove"
                            + " the line of " + address + " from " + known.file()
                            + ". If not, somebody stands between.");
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw noClients();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw noClients();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        throw noClients();
    }

    private static CertificateException noClients() {
        return new CertificateException("nobody connects to a client");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
