package io.peerlink.client.encryption;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.HybridDecrypt;
import com.google.crypto.tink.HybridEncrypt;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.hybrid.HpkeParameters;
import com.google.crypto.tink.hybrid.HpkePrivateKey;
import com.google.crypto.tink.hybrid.HpkePublicKey;
import com.google.crypto.tink.hybrid.HybridConfig2026;
import com.google.crypto.tink.util.Bytes;
import io.peerlink.client.identity.SecretFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;

/**
 * A peer's HPKE key pair (X25519, HKDF-SHA256, AES-256-GCM), kept beside its identity's key. Immutable, thread-safe.
 */
final class EncryptionKey {
    // Without Tink's prefix: the plain bytes of RFC 9180, for other languages.
    private static final HpkeParameters PARAMETERS = parameters();

    private final HybridDecrypt decrypt;
    private final byte[] publicKey;

    // For its public part.
    @AccessesPartialKey
    private EncryptionKey(KeysetHandle keys) throws GeneralSecurityException {
        this.decrypt = keys.getPrimitive(HybridConfig2026.get(), HybridDecrypt.class);
        this.publicKey = ((HpkePrivateKey) keys.getPrimary().getKey())
                .getPublicKey()
                .getPublicKeyBytes()
                .toByteArray();
    }

    /**
     * Reads {@code <directory>/keys/<name>.hpke.json}, or makes a new key and writes it, as with an identity's key.
     *
     * @throws io.peerlink.client.PeerLinkException BAD_IDENTITY if it is damaged, readable by others, or cannot be written
     */
    static EncryptionKey loadOrCreate(Path directory, String name) {
        Path file = directory.resolve("keys").resolve(name + ".hpke.json");
        try {
            if (!Files.exists(file)) {
                SecretFile.writeIfAbsent(file, newKey());
            }
            return new EncryptionKey(TinkJsonProtoKeysetFormat.parseKeyset(
                    SecretFile.read(file), HybridConfig2026.get(), InsecureSecretKeyAccess.get()));
        } catch (GeneralSecurityException | ClassCastException e) {
            throw SecretFile.damaged(file, e);
        }
    }

    private static String newKey() throws GeneralSecurityException {
        return TinkJsonProtoKeysetFormat.serializeKeyset(
                KeysetHandle.generateNew(PARAMETERS, HybridConfig2026.get()),
                HybridConfig2026.get(),
                InsecureSecretKeyAccess.get());
    }

    /** 32 bytes. */
    byte[] publicKey() {
        return publicKey.clone();
    }

    /**
     * What somebody encrypted for this key with the same {@code info}.
     *
     * @throws GeneralSecurityException if it was made for another key or with another info, or was changed
     */
    byte[] decrypt(byte[] encrypted, byte[] info) throws GeneralSecurityException {
        return decrypt.decrypt(encrypted, info);
    }

    /**
     * Encrypts for the owner of this public key.
     *
     * @throws GeneralSecurityException if it is no public key
     */
    @AccessesPartialKey
    static byte[] encrypt(byte[] publicKey, byte[] plain, byte[] info) throws GeneralSecurityException {
        HpkePublicKey key = HpkePublicKey.create(PARAMETERS, Bytes.copyFrom(publicKey), null);
        return KeysetHandle.newBuilder()
                .addEntry(KeysetHandle.importKey(key).withRandomId().makePrimary())
                .build()
                .getPrimitive(HybridConfig2026.get(), HybridEncrypt.class)
                .encrypt(plain, info);
    }

    private static HpkeParameters parameters() {
        try {
            return HpkeParameters.builder()
                    .setKemId(HpkeParameters.KemId.DHKEM_X25519_HKDF_SHA256)
                    .setKdfId(HpkeParameters.KdfId.HKDF_SHA256)
                    .setAeadId(HpkeParameters.AeadId.AES_256_GCM)
                    .setVariant(HpkeParameters.Variant.NO_PREFIX)
                    .build();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Tink has no such HPKE", e);
        }
    }
}
