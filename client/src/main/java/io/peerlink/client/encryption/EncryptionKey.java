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
import io.peerlink.client.identity.Identity;
import io.peerlink.client.identity.SecretFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A peer's HPKE key pair (X25519, HKDF-SHA256, AES-256-GCM), kept beside its identity's key. Each identity key has one of its own, so
 * that a thief of both has lost both once the identity key is replaced; the former private keys stay, to open what was sealed for
 * them. Immutable, thread-safe.
 */
final class EncryptionKey {
    private static final String SUFFIX = ".hpke.json";
    // Without Tink's prefix: the plain bytes of RFC 9180, for other languages.
    private static final HpkeParameters PARAMETERS = parameters();

    /** Enough to tell the identity keys of one peer apart. */
    private static final int TAG_BYTES = 8;

    /** The present key's first. */
    private final List<HybridDecrypt> decrypts;

    private final byte[] publicKey;

    // For its public part.
    @AccessesPartialKey
    private EncryptionKey(KeysetHandle keys, List<HybridDecrypt> decrypts) {
        this.decrypts = List.copyOf(decrypts);
        this.publicKey = ((HpkePrivateKey) keys.getPrimary().getKey())
                .getPublicKey()
                .getPublicKeyBytes()
                .toByteArray();
    }

    /**
     * Reads {@code <directory>/keys/<name>.<tag of the identity key>.hpke.json}, or makes a new key and writes it, as with an
     * identity's key. Files of the name with other tags, or with none, hold former keys.
     *
     * @throws io.peerlink.client.PeerLinkException BAD_IDENTITY if one is damaged, readable by others, or cannot be written
     */
    static EncryptionKey loadOrCreate(Path directory, Identity identity) {
        Path file = directory.resolve("keys").resolve(identity.name() + "." + tag(identity) + SUFFIX);
        if (!Files.exists(file)) {
            SecretFile.writeIfAbsent(file, newKey());
        }
        List<HybridDecrypt> decrypts = new ArrayList<>();
        KeysetHandle present = read(file, decrypts);
        Pattern ofName = Pattern.compile(Pattern.quote(identity.name()) + "(\\.[0-9a-f]{16})?" + Pattern.quote(SUFFIX));
        SecretFile.others(file, ofName).forEach(former -> read(former, decrypts));
        return new EncryptionKey(present, decrypts);
    }

    private static String tag(Identity identity) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(identity.publicKey());
            return HexFormat.of().formatHex(digest, 0, TAG_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no SHA-256", e);
        }
    }

    private static KeysetHandle read(Path file, List<HybridDecrypt> decrypts) {
        try {
            KeysetHandle keys = TinkJsonProtoKeysetFormat.parseKeyset(
                    SecretFile.read(file), HybridConfig2026.get(), InsecureSecretKeyAccess.get());
            decrypts.add(keys.getPrimitive(HybridConfig2026.get(), HybridDecrypt.class));
            if (keys.getPrimary().getKey() instanceof HpkePrivateKey) {
                return keys;
            }
            throw new GeneralSecurityException("not an HPKE key");
        } catch (GeneralSecurityException e) {
            throw SecretFile.damaged(file, e);
        }
    }

    private static String newKey() {
        try {
            return TinkJsonProtoKeysetFormat.serializeKeyset(
                    KeysetHandle.generateNew(PARAMETERS, HybridConfig2026.get()),
                    HybridConfig2026.get(),
                    InsecureSecretKeyAccess.get());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Tink makes no such HPKE key", e);
        }
    }

    /** 32 bytes. */
    byte[] publicKey() {
        return publicKey.clone();
    }

    /**
     * What somebody encrypted for this key, or for a former one, with the same {@code info}.
     *
     * @throws GeneralSecurityException if it was made for another key or with another info, or was changed
     */
    byte[] decrypt(byte[] encrypted, byte[] info) throws GeneralSecurityException {
        GeneralSecurityException failure = new GeneralSecurityException("for no key here");
        for (HybridDecrypt decrypt : decrypts) {
            try {
                return decrypt.decrypt(encrypted, info);
            } catch (GeneralSecurityException e) {
                failure.addSuppressed(e);
            }
        }
        throw failure;
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
