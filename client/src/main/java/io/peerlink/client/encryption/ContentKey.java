package io.peerlink.client.encryption;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.aead.AesGcmKey;
import com.google.crypto.tink.aead.AesGcmParameters;
import com.google.crypto.tink.util.SecretBytes;
import java.security.GeneralSecurityException;

/** The AES-256-GCM key of one message. Immutable. */
final class ContentKey {
    private static final int BYTES = 32;
    private static final AesGcmParameters PARAMETERS = parameters();

    private final SecretBytes bytes;
    private final Aead aead;

    @AccessesPartialKey
    private ContentKey(SecretBytes bytes) throws GeneralSecurityException {
        this.bytes = bytes;
        AesGcmKey key =
                AesGcmKey.builder().setParameters(PARAMETERS).setKeyBytes(bytes).build();
        this.aead = KeysetHandle.newBuilder()
                .addEntry(KeysetHandle.importKey(key).withRandomId().makePrimary())
                .build()
                .getPrimitive(AeadConfig2026.get(), Aead.class);
    }

    static ContentKey random() throws GeneralSecurityException {
        return new ContentKey(SecretBytes.randomBytes(BYTES));
    }

    /**
     * @throws GeneralSecurityException if these are no key
     */
    static ContentKey of(byte[] bytes) throws GeneralSecurityException {
        return new ContentKey(SecretBytes.copyFrom(bytes, InsecureSecretKeyAccess.get()));
    }

    /** For wrapping. */
    byte[] bytes() {
        return bytes.toByteArray(InsecureSecretKeyAccess.get());
    }

    byte[] encrypt(byte[] plain, byte[] associated) throws GeneralSecurityException {
        return aead.encrypt(plain, associated);
    }

    /**
     * @throws GeneralSecurityException if anything was changed
     */
    byte[] decrypt(byte[] encrypted, byte[] associated) throws GeneralSecurityException {
        return aead.decrypt(encrypted, associated);
    }

    private static AesGcmParameters parameters() {
        try {
            return AesGcmParameters.builder()
                    .setKeySizeBytes(BYTES)
                    .setIvSizeBytes(12)
                    .setTagSizeBytes(16)
                    .setVariant(AesGcmParameters.Variant.NO_PREFIX)
                    .build();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Tink has no such AES-GCM", e);
        }
    }
}
