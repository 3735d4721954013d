package io.peerlink.client.encryption;

import com.google.protobuf.ByteString;
import io.peerlink.client.identity.Fingerprint;
import io.peerlink.client.identity.Identity;
import io.peerlink.client.identity.SignedFields;
import io.peerlink.protocol.v1.GetPeerKeysResponse;
import io.peerlink.protocol.v1.PublishKeys;
import java.nio.charset.StandardCharsets;

/**
 * What a router says of a peer's keys. Not to be believed before it was checked.
 *
 * @param peer whose
 * @param keys as they came
 */
record PublishedKeys(String peer, GetPeerKeysResponse keys) {
    private static final String PURPOSE = "peerlink-encryption-key-v1";

    /** The request that publishes this key. */
    static PublishKeys request(Identity identity, String cluster, byte[] encryptionKey) {
        return PublishKeys.newBuilder()
                .setEncryptionKey(ByteString.copyFrom(encryptionKey))
                .setSignature(ByteString.copyFrom(identity.sign(signed(cluster, identity.name(), encryptionKey))))
                .build();
    }

    byte[] identityKey() {
        return keys.getIdentityKey().toByteArray();
    }

    byte[] encryptionKey() {
        return keys.getEncryptionKey().toByteArray();
    }

    boolean hasEncryptionKey() {
        return !keys.getEncryptionKey().isEmpty();
    }

    /** Whether the owner of the identity key published the encryption key. */
    boolean isSigned(String cluster) {
        return hasEncryptionKey()
                && Identity.verify(
                        identityKey(),
                        signed(cluster, peer, encryptionKey()),
                        keys.getSignature().toByteArray());
    }

    String fingerprint() {
        return Fingerprint.of(identityKey()).text();
    }

    private static byte[] signed(String cluster, String peer, byte[] encryptionKey) {
        return SignedFields.of(
                PURPOSE.getBytes(StandardCharsets.US_ASCII),
                cluster.getBytes(StandardCharsets.UTF_8),
                peer.getBytes(StandardCharsets.US_ASCII),
                encryptionKey);
    }
}
