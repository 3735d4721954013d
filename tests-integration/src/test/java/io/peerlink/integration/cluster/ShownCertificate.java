package io.peerlink.integration.cluster;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Which certificate is there: SHA-256, as the proof of a client binds it. */
final class ShownCertificate {
    private static final int LIMIT_MS = 10_000;

    private ShownCertificate() {}

    /** What a port shows, whoever asks; fails if it shows nothing. */
    static ByteString at(String address) {
        return at(address, "TLSv1.3");
    }

    /** As {@link #at(String)}, to who speaks this version only. */
    static ByteString at(String address, String version) {
        int colon = address.lastIndexOf(':');
        Curious curious = new Curious();
        try {
            String host = address.substring(0, colon);
            int port = Integer.parseInt(address.substring(colon + 1));
            try (SSLSocket socket = (SSLSocket) believing(curious).createSocket(host, port)) {
                socket.setSoTimeout(LIMIT_MS);
                socket.setEnabledProtocols(new String[] {version});
                socket.startHandshake();
            }
        } catch (IOException e) {
            if (curious.seen.get() == null) {
                throw new UncheckedIOException(address + " showed nothing", e);
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        return hash(curious.seen.get());
    }

    /** For handshakes with whatever is there. */
    static SSLSocketFactory believingAnybody() throws GeneralSecurityException {
        return believing(new Curious());
    }

    private static SSLSocketFactory believing(Curious curious) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {curious}, null);
        return context.getSocketFactory();
    }

    /** What a PEM file holds first. */
    static ByteString in(Path file) {
        try (var in = Files.newInputStream(file)) {
            return hash(CertificateFactory.getInstance("X.509").generateCertificate(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ByteString hash(@Nullable Certificate certificate) {
        try {
            return certificate == null
                    ? ByteString.EMPTY
                    : ByteString.copyFrom(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Believes everybody and remembers what it saw. */
    private static final class Curious extends X509ExtendedTrustManager {
        private final AtomicReference<@Nullable X509Certificate> seen = new AtomicReference<>();

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {
            seen.set(chain[0]);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {
            seen.set(chain[0]);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, javax.net.ssl.SSLEngine engine) {
            seen.set(chain[0]);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, javax.net.ssl.SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
