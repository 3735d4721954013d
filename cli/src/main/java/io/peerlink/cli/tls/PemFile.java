package io.peerlink.cli.tls;

import io.peerlink.cli.CliException;
import io.peerlink.cli.ExitCode;
import io.peerlink.cli.OwnerOnly;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;
import org.bouncycastle.util.io.pem.PemWriter;

/** A certificate or a key (PKCS#8) in a file. */
final class PemFile {
    static final String CERTIFICATE = "CERTIFICATE";
    static final String KEY = "PRIVATE KEY";

    private PemFile() {}

    /** Writes it for its owner alone, all or nothing: who reads the file meanwhile sees the old or the new one. */
    static void write(Path file, String label, byte[] der) throws IOException {
        StringWriter text = new StringWriter();
        try (PemWriter writer = new PemWriter(text)) {
            writer.writeObject(new PemObject(label, der));
        }
        Path temporary = OwnerOnly.file(file.resolveSibling("." + file.getFileName() + ".new"));
        Files.writeString(temporary, text.toString());
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Reads the first object of a file. */
    static byte[] read(Path file, String label) throws IOException {
        try (Reader reader = Files.newBufferedReader(file);
                PemReader pem = new PemReader(reader)) {
            PemObject found = pem.readPemObject();
            if (found == null || !found.getType().equals(label)) {
                throw new CliException(
                        ExitCode.FAILED, "BAD_FILE", file + " holds no " + label, "was it made by peerlink tls init?");
            }
            return found.getContent();
        }
    }
}
