package io.peerlink.client.identity;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

/**
 * A key file: the private key as PKCS#8, then the public key, both PEM. The public one is there because the JDK does not
 * derive it from a private Ed25519 key.
 */
final class KeyFile {
    private static final String PRIVATE = "PRIVATE KEY";
    private static final String PUBLIC = "PUBLIC KEY";

    private KeyFile() {}

    static Path path(Path directory, String name) {
        return directory.resolve("keys").resolve(name + ".pem");
    }

    static Path nextPath(Path directory, String name) {
        return directory.resolve("keys").resolve("next").resolve(name + ".pem");
    }

    static Identity read(Path file, String name) {
        String pem = SecretFile.read(file);
        try {
            PrivateKey key =
                    KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(block(pem, PRIVATE)));
            return new Identity(name, key, block(pem, PUBLIC));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw SecretFile.damaged(file, e);
        }
    }

    static void writeIfAbsent(Path file, Identity identity) {
        SecretFile.writeIfAbsent(file, pem(PRIVATE, identity.privateKey()) + pem(PUBLIC, identity.publicKey()));
    }

    private static String pem(String label, byte[] der) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
    }

    private static byte[] block(String pem, String label) {
        String begin = "-----BEGIN " + label + "-----";
        int from = pem.indexOf(begin);
        int to = pem.indexOf("-----END " + label + "-----");
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("no " + label);
        }
        return Base64.getMimeDecoder().decode(pem.substring(from + begin.length(), to));
    }
}
