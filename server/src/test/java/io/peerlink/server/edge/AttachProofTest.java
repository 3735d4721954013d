package io.peerlink.server.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.peerlink.protocol.v1.Attach;
import io.peerlink.protocol.v1.ErrorCode;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a proof is bound to. */
final class AttachProofTest {
    private static final ByteString MINE = ByteString.copyFrom(new byte[32]);
    private static final ByteString OTHER = ByteString.copyFromUtf8("0123456789abcdef0123456789abcdef");

    private static Attach prove(AttachProof proof) throws GeneralSecurityException {
        KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        ByteString publicKey = ByteString.copyFrom(keys.getPublic().getEncoded());
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(keys.getPrivate());
        signature.update(proof.signedBytes(publicKey));
        return Attach.newBuilder()
                .setPublicKey(publicKey)
                .setSignature(ByteString.copyFrom(signature.sign()))
                .build();
    }

    @Test
    void aProofForAnotherCertificateIsRefused() throws GeneralSecurityException {
        AttachProof mine = AttachProof.challenge("cluster", "alice", MINE, new Random(1));
        AttachProof relayed = new AttachProof("cluster", "alice", mine.nonce(), OTHER);
        AttachProof plain = new AttachProof("cluster", "alice", mine.nonce(), ByteString.EMPTY);

        assertThat(mine.verify(prove(mine))).isEmpty();
        assertThat(mine.verify(prove(relayed))).contains(ErrorCode.BAD_SIGNATURE);
        assertThat(mine.verify(prove(plain))).contains(ErrorCode.BAD_SIGNATURE);
        assertThat(plain.verify(prove(mine))).contains(ErrorCode.BAD_SIGNATURE);
    }

    @Test
    void aProofForAnotherNonceNameOrClusterIsRefused() throws GeneralSecurityException {
        AttachProof asked = AttachProof.challenge("cluster", "alice", MINE, new Random(1));

        for (AttachProof other : new AttachProof[] {
            AttachProof.challenge("cluster", "alice", MINE, new Random(2)),
            new AttachProof("cluster", "bob", asked.nonce(), MINE),
            new AttachProof("elsewhere", "alice", asked.nonce(), MINE)
        }) {
            assertThat(asked.verify(prove(other))).contains(ErrorCode.BAD_SIGNATURE);
        }
    }
}
