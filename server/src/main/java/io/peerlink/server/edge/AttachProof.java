package io.peerlink.server.edge;

import com.google.protobuf.ByteString;
import io.peerlink.protocol.v1.Attach;
import io.peerlink.protocol.v1.ErrorCode;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
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
    private static final ByteString PURPOSE = ByteString.copyFromUtf8("peerlink-attach-v1");
    private static final ByteString PURPOSE_OVER_TLS = ByteString.copyFromUtf8("peerlink-attach-v2");
    private static final int NONCE_BYTES = 32;
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
        return Signatures.fault(attach.getPublicKey(), signedBytes(attach.getPublicKey()), attach.getSignature());
    }

    /** What the client signs. */
    byte[] signedBytes(ByteString publicKey) {
        ByteString cluster = ByteString.copyFromUtf8(clusterId);
        ByteString peer = ByteString.copyFromUtf8(name);
        return certificate.isEmpty()
                ? Signatures.fields(PURPOSE, cluster, peer, nonce, publicKey)
                : Signatures.fields(PURPOSE_OVER_TLS, cluster, peer, nonce, publicKey, certificate);
    }
}
