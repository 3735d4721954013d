package io.peerlink.client.identity;

import io.peerlink.client.ErrorCode;
import io.peerlink.client.PeerLinkException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A peer's name and its key pair. The private key never leaves this object but into its key file. Immutable,
 * thread-safe.
 */
public final class Identity {
    /** Of an Ed25519 key as X.509 SubjectPublicKeyInfo in DER. */
    public static final int PUBLIC_KEY_BYTES = 44;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private final String name;
    private final PrivateKey privateKey;
    private final byte[] publicKey;

    Identity(String name, PrivateKey privateKey, byte[] publicKey) {
        this.name = name;
        this.privateKey = privateKey;
        this.publicKey = publicKey;
    }

    /** {@code $XDG_DATA_HOME/peerlink}, or {@code ~/.local/share/peerlink}. */
    public static Path defaultDirectory() {
        String data = System.getenv("XDG_DATA_HOME");
        if (data != null && !data.isEmpty()) {
            return Path.of(data, "peerlink");
        }
        return Path.of(System.getProperty("user.home", "."), ".local", "share", "peerlink");
    }

    /** Whether there is a key file for this name. */
    public static boolean exists(Path directory, String name) {
        return Files.exists(KeyFile.path(directory, checkedName(name)));
    }

    /**
     * Reads {@code <directory>/keys/<name>.pem}.
     *
     * @throws PeerLinkException BAD_IDENTITY if it is missing, damaged, or readable by others; BAD_NAME
     */
    public static Identity load(Path directory, String name) {
        return KeyFile.read(KeyFile.path(directory, checkedName(name)), checkedName(name));
    }

    /**
     * Reads the key file, or makes a new key and writes it (file 0600, directories 0700, complete or not at all). Of
     * several processes that make one at once all get the same.
     *
     * @throws PeerLinkException as {@link #load}; BAD_IDENTITY if it cannot be written
     */
    public static Identity loadOrCreate(Path directory, String name) {
        String folded = checkedName(name);
        Path file = KeyFile.path(directory, folded);
        if (!Files.exists(file)) {
            KeyFile.writeIfAbsent(file, generate(folded));
        }
        return KeyFile.read(file, folded);
    }

    /**
     * The key that is to follow: reads {@code <directory>/keys/next/<name>.pem}, or makes it. It counts once {@link #adoptNext} has
     * put it in the place of the present one.
     *
     * @throws PeerLinkException as {@link #loadOrCreate}
     */
    public static Identity loadOrCreateNext(Path directory, String name) {
        String folded = checkedName(name);
        Path file = KeyFile.nextPath(directory, folded);
        if (!Files.exists(file)) {
            KeyFile.writeIfAbsent(file, generate(folded));
        }
        return KeyFile.read(file, folded);
    }

    /** Whether a following key was made and not adopted. */
    public static boolean existsNext(Path directory, String name) {
        return Files.exists(KeyFile.nextPath(directory, checkedName(name)));
    }

    /**
     * Puts the following key in the place of the present one, which is gone then; at once or not at all.
     *
     * @throws PeerLinkException BAD_IDENTITY if it cannot be moved
     */
    public static void adoptNext(Path directory, String name) {
        String folded = checkedName(name);
        SecretFile.replace(KeyFile.nextPath(directory, folded), KeyFile.path(directory, folded));
    }

    /** A new key that is kept in no file; for tests and short-lived programs. */
    public static Identity generate(String name) {
        try {
            KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            return new Identity(
                    checkedName(name), pair.getPrivate(), pair.getPublic().getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no Ed25519", e);
        }
    }

    /** The name, in lower case. */
    public String name() {
        return name;
    }

    /** The public key, X.509 SubjectPublicKeyInfo in DER. */
    public byte[] publicKey() {
        return publicKey.clone();
    }

    /** An Ed25519 signature over {@code bytes}. */
    public byte[] sign(byte[] bytes) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(privateKey);
            signature.update(bytes);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new PeerLinkException(ErrorCode.BAD_IDENTITY, "the key of " + name + " cannot sign", "", false, e);
        }
    }

    /** Whether {@code signature} over {@code bytes} is of the private key to this public one (X.509, DER). */
    public static boolean verify(byte[] publicKey, byte[] bytes, byte[] signature) {
        try {
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(publicKey)));
            verifier.update(bytes);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            // Not a key, or not a signature.
            return false;
        }
    }

    byte[] privateKey() {
        return privateKey.getEncoded();
    }

    private static String checkedName(String name) {
        // Before it is folded: other letters than ASCII's have lower-case forms in ASCII, too.
        if (!NAME.matcher(name).matches()) {
            throw new PeerLinkException(
                    ErrorCode.BAD_NAME,
                    "'" + name + "' is not a legal name",
                    "Use 1 to 64 of a-z 0-9 . _ - and start with a letter or digit.",
                    false);
        }
        return name.toLowerCase(Locale.ROOT);
    }

    /** Without any key. */
    @Override
    public String toString() {
        return "Identity[" + name + "]";
    }
}
