package io.peerlink.server.edge;

import com.google.protobuf.ByteString;
import io.peerlink.protocol.v1.ErrorCode;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Optional;

/** Ed25519 signatures over fields, by keys as the public protocol has them (X.509 SubjectPublicKeyInfo in DER). Stateless. */
final class Signatures {
    private static final int PUBLIC_KEY_BYTES = 44;

    private Signatures() {}

    /** Each field behind its length, so that no two different sets of fields give the same bytes. */
    static byte[] fields(ByteString... fields) {
        int length = 0;
        for (ByteString field : fields) {
            length += Integer.BYTES + field.size();
        }
        ByteBuffer buffer = ByteBuffer.allocate(length);
        for (ByteString field : fields) {
            buffer.putInt(field.size());
            field.copyTo(buffer);
        }
        return buffer.array();
    }

    /** What is wrong with a signature; costs about 0.2 ms of CPU, so not on an event loop. Empty if it is good. */
    static Optional<ErrorCode> fault(ByteString publicKey, byte[] signed, ByteString signature) {
        if (publicKey.size() != PUBLIC_KEY_BYTES) {
            return Optional.of(ErrorCode.BAD_KEY);
        }
        PublicKey key;
        try {
            key = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(publicKey.toByteArray()));
        } catch (GeneralSecurityException e) {
            return Optional.of(ErrorCode.BAD_KEY);
        }
        try {
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(key);
            verifier.update(signed);
            return verifier.verify(signature.toByteArray()) ? Optional.empty() : Optional.of(ErrorCode.BAD_SIGNATURE);
        } catch (GeneralSecurityException e) {
            return Optional.of(ErrorCode.BAD_SIGNATURE);
        }
    }

    static ByteString sha256(ByteString bytes) {
        try {
            return ByteString.copyFrom(MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }
}
