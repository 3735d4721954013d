package io.peerlink.client.session;

import com.google.protobuf.ByteString;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.util.HexFormat;

/**
 * What a certificate is recognised by.
 *
 * @param bytes SHA-256 of its DER encoding; empty: there is none
 */
record Fingerprint(ByteString bytes) {
    private static final HexFormat HEX = HexFormat.ofDelimiter(":").withUpperCase();

    /** Of a connection without TLS. */
    static final Fingerprint NONE = new Fingerprint(ByteString.EMPTY);

    static Fingerprint of(Certificate certificate) {
        try {
            return new Fingerprint(
                    ByteString.copyFrom(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded())));
        } catch (NoSuchAlgorithmException | CertificateEncodingException e) {
            throw new IllegalStateException("a certificate in use has no encoding", e);
        }
    }

    /** As openssl prints it, behind the algorithm: bytes in hex, with colons. */
    String text() {
        return "SHA256:" + HEX.formatHex(bytes.toByteArray());
    }
}
