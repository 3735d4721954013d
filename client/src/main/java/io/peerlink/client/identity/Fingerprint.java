package io.peerlink.client.identity;

import com.google.protobuf.ByteString;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.util.HexFormat;
import java.util.regex.Pattern;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * What a certificate or a public key is recognised by.
 *
 * @param bytes SHA-256 of its DER encoding; empty: there is none
 */
public record Fingerprint(ByteString bytes) {
    private static final HexFormat HEX = HexFormat.ofDelimiter(":").withUpperCase();
    private static final Pattern TEXT = Pattern.compile("SHA256:[0-9A-F]{2}(:[0-9A-F]{2}){31}");

    /** Of a connection without TLS. */
    public static final Fingerprint NONE = new Fingerprint(ByteString.EMPTY);

    /** Of a certificate. */
    public static Fingerprint of(Certificate certificate) {
        try {
            return of(certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate in use has no encoding", e);
        }
    }

    /** Of what has this encoding. */
    public static Fingerprint of(byte[] encoded) {
        try {
            return new Fingerprint(
                    ByteString.copyFrom(MessageDigest.getInstance("SHA-256").digest(encoded)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no SHA-256", e);
        }
    }

    /** What the other side of a TLS session showed; {@link #NONE} without one. */
    public static Fingerprint shownIn(@Nullable SSLSession session) {
        if (session == null) {
            return NONE;
        }
        try {
            return of(session.getPeerCertificates()[0]);
        } catch (SSLPeerUnverifiedException e) {
            throw new IllegalStateException("a router was believed without a certificate", e);
        }
    }

    /** Whether a text is one, as {@link #text} writes it. */
    static boolean isText(String text) {
        return TEXT.matcher(text).matches();
    }

    /** As openssl prints it, behind the algorithm: bytes in hex, with colons. */
    public String text() {
        return "SHA256:" + HEX.formatHex(bytes.toByteArray());
    }
}
