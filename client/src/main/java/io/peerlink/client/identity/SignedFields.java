package io.peerlink.client.identity;

import java.nio.ByteBuffer;

/** What is signed: each field behind its length, so that no two different sets of fields give the same bytes. */
public final class SignedFields {
    private SignedFields() {}

    /** The bytes to sign. */
    public static byte[] of(byte[]... fields) {
        int length = 0;
        for (byte[] field : fields) {
            length += Integer.BYTES + field.length;
        }
        ByteBuffer buffer = ByteBuffer.allocate(length);
        for (byte[] field : fields) {
            buffer.putInt(field.length).put(field);
        }
        return buffer.array();
    }
}
