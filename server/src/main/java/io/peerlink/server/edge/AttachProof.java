package io.peerlink.server.edge;

import com.google.protobuf.ByteString;
import io.peerlink.protocol.v1.Attach;
import io.peerlink.protocol.v1.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The proof that a client holds the private key: an Ed25519 signature over the router's nonce, bound to the cluster and the
 * name (the NKEYS pattern of NATS), over TLS also to the certificate that the connection was shown. The router never holds a
 * secret.
 *
 * @param nonce what this stream was challenged with
 * @param certificate SHA-256; empty without TLS
 */
record AttachProof(String clusterId, String name, ByteString nonce, ByteString certificate) {
    private static final String PURPOSE = "peerlink-attach-v1";
    private static final String PURPOSE_OVER_TLS = "peerlink-attach-v2";
    private static final int NONCE_BYTES = 32;
    private static final int PUBLIC_KEY_BYTES = 44;
    private static final int REHEARSALS = 30;

    /** A challenge for a new stream. */
    static AttachProof challenge(String clusterId, String name, ByteString certificate, RandomGenerator random) {
        return new AttachProof(clusterId, name, randomBytes(random), certificate);
    }

    /** 32 bytes, as unpredictable as {@code random}. */
    static ByteString randomBytes(RandomGenerator random) {
        byte[] bytes = new byte[NONCE_BYTES];
        random.nextBytes(bytes);
        return ByteString.copyFrom(bytes);
    }

    /**
     * Checks a few made-up proofs: the first checks of a process take a hundred times as long as later ones, and all clients
     * come at once when a router takes over.
     */
    static void rehearse(RandomGenerator random) {
        try {
            KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            ByteString key = ByteString.copyFrom(keys.getPublic().getEncoded());
            AttachProof proof = challenge("rehearsal", "rehearsal", ByteString.EMPTY, random);
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(keys.getPrivate());
            signature.update(proof.signedBytes(key));
            Attach attach = Attach.newBuilder()
                    .setPublicKey(key)
                    .setSignature(ByteString.copyFrom(signature.sign()))
                    .build();
            for (int i = 0; i < REHEARSALS; i++) {
                proof.verify(attach);
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no Ed25519", e);
        }
    }

    /** Checks the signature; costs about 0.2 ms of CPU, so not on an event loop. Empty if it is good. */
    Optional<ErrorCode> verify(Attach attach) {
        if (attach.getPublicKey().size() != PUBLIC_KEY_BYTES) {
            return Optional.of(ErrorCode.BAD_KEY);
        }
        PublicKey key;
        try {
            key = KeyFactory.getInstance("Ed25519")
                    .generatePublic(new X509EncodedKeySpec(attach.getPublicKey().toByteArray()));
        } catch (GeneralSecurityException e) {
            return Optional.of(ErrorCode.BAD_KEY);
        }
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initVerify(key);
            signature.update(signedBytes(attach.getPublicKey()));
            boolean good = signature.verify(attach.getSignature().toByteArray());
            return good ? Optional.empty() : Optional.of(ErrorCode.BAD_SIGNATURE);
        } catch (GeneralSecurityException e) {
            return Optional.of(ErrorCode.BAD_SIGNATURE);
        }
    }

    /** What the client signs: each field behind its length, so that no two different sets of fields give the same bytes. */
    byte[] signedBytes(ByteString publicKey) {
        boolean tls = !certificate.isEmpty();
        List<byte[]> fields = new ArrayList<>(List.of(
                (tls ? PURPOSE_OVER_TLS : PURPOSE).getBytes(StandardCharsets.UTF_8),
                clusterId.getBytes(StandardCharsets.UTF_8),
                name.getBytes(StandardCharsets.UTF_8),
                nonce.toByteArray(),
                publicKey.toByteArray()));
        if (tls) {
            fields.add(certificate.toByteArray());
        }
        int length = 0;
        for (byte[] field : fields) {
            length += Integer.BYTES + field.length;
        }
        ByteBuffer buffer = ByteBuffer.allocate(length);
        for (byte[] field : fields) {
            buffer.putInt(field.length).put(field);
        }
        return buffer.array();
    }
}
