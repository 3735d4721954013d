package io.peerlink.client.identity;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The bytes of several fields for a signature or an encryption: no two different lists of fields give the same. */
public final class SignedFields {
    private SignedFields() {}

    /**
     * The purpose and the fields, each preceded by its length as 4 bytes big-endian.
     *
     * @param purpose keeps what is signed for one thing from being shown for another; ASCII
     */
    public static byte[] of(String purpose, List<byte[]> fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            write(out, purpose.getBytes(StandardCharsets.US_ASCII));
            for (byte[] field : fields) {
                write(out, field);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, byte[] field) throws IOException {
        out.writeInt(field.length);
        out.write(field);
    }
}
