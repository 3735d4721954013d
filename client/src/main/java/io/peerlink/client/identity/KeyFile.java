package io.peerlink.client.identity;

import io.peerlink.client.ErrorCode;
import io.peerlink.client.PeerLinkException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A key file: the private key as PKCS#8, then the public key, both PEM. The public one is there because the JDK does not
 * derive it from a private Ed25519 key.
 */
final class KeyFile {
    private static final String PRIVATE = "PRIVATE KEY";
    private static final String PUBLIC = "PUBLIC KEY";
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    private KeyFile() {}

    static Path path(Path directory, String name) {
        return directory.resolve("keys").resolve(name + ".pem");
    }

    static Path nextPath(Path directory, String name) {
        return directory.resolve("keys").resolve("next").resolve(name + ".pem");
    }

    static void replace(Path from, Path to) {
        Path directory = Objects.requireNonNull(to.getParent(), "a key file lies in a directory");
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        } catch (IOException e) {
            throw bad("the key file " + from + " cannot be moved to " + to + ": " + e.getMessage(), "", e);
        }
    }

    static Identity read(Path file, String name) {
        try {
            if (posix(file) && !Collections.disjoint(Files.getPosixFilePermissions(file), OTHERS)) {
                throw bad("the key file " + file + " can be read or written by others", "chmod 600 " + file, null);
            }
            String pem = Files.readString(file, StandardCharsets.US_ASCII);
            PrivateKey key =
                    KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(block(pem, PRIVATE)));
            return new Identity(name, key, block(pem, PUBLIC));
        } catch (NoSuchFileException e) {
            throw bad("there is no key file " + file, "Register the name on this machine, or copy its key here.", e);
        } catch (IOException e) {
            throw bad("the key file " + file + " cannot be read: " + e.getMessage(), "", e);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw bad("the key file " + file + " is damaged", "Restore it from a backup.", e);
        }
    }

    /** Links a complete, synced file into place: a crash leaves all or nothing, and the first of two writers wins. */
    static void writeIfAbsent(Path file, Identity identity) {
        String pem = pem(PRIVATE, identity.privateKey()) + pem(PUBLIC, identity.publicKey());
        Path directory = Objects.requireNonNull(file.getParent(), "a key file lies in a directory");
        try {
            createDirectory(directory);
            Path temporary = directory.resolve("." + file.getFileName() + "."
                    + Long.toHexString(ThreadLocalRandom.current().nextLong()));
            try {
                writeSynced(temporary, pem.getBytes(StandardCharsets.US_ASCII));
                Files.createLink(file, temporary);
            } catch (FileAlreadyExistsException e) {
                // Another process was first; its key counts.
                return;
            } finally {
                Files.deleteIfExists(temporary);
            }
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        } catch (IOException e) {
            throw bad("the key file " + file + " cannot be written: " + e.getMessage(), "", e);
        }
    }

    static void createDirectory(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        if (posix(directory)) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } else {
            Files.createDirectories(directory);
        }
    }

    private static void writeSynced(Path file, byte[] bytes) throws IOException {
        Set<StandardOpenOption> options = EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(file, options, ownerOnly(file))) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    /** What makes a new file its owner's alone, where there are such rights. */
    static FileAttribute<?>[] ownerOnly(Path file) {
        return posix(file)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                : new FileAttribute<?>[0];
    }

    private static boolean posix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
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

    private static PeerLinkException bad(String message, String hint, @Nullable Exception cause) {
        return cause == null
                ? new PeerLinkException(ErrorCode.BAD_IDENTITY, message, hint, false)
                : new PeerLinkException(ErrorCode.BAD_IDENTITY, message, hint, false, cause);
    }
}
