package io.peerlink.integration.torture.history;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * What a body says of itself, so that a phantom or a mixed-up body shows without asking anybody: who sent it, as which of
 * its requests, where to.
 */
public record Stamp(int sender, int life, long number, int conversation) {
    /** Bytes of the smallest body. */
    public static final int BYTES_MIN = 40;

    private static final int CRC_AT = 36;
    private static final int FILL_AT = 40;

    /** The body of a message. */
    public byte[] body(long runId, int bytes) {
        ByteBuffer body = ByteBuffer.allocate(Math.max(BYTES_MIN, bytes));
        body.putLong(runId)
                .putInt(sender)
                .putInt(life)
                .putLong(number)
                .putInt(conversation)
                .putInt(body.capacity());
        byte fill = (byte) (31L * sender + number);
        for (int at = FILL_AT; at < body.capacity(); at++) {
            body.put(at, fill++);
        }
        body.putInt(CRC_AT, crc(body.array()));
        return body.array();
    }

    /** What this body says; empty if it is none of this run or not whole. */
    public static Optional<Stamp> of(byte[] bytes, long runId) {
        if (bytes.length < BYTES_MIN) {
            return Optional.empty();
        }
        ByteBuffer body = ByteBuffer.wrap(bytes);
        long run = body.getLong();
        Stamp stamp = new Stamp(body.getInt(), body.getInt(), body.getLong(), body.getInt());
        boolean whole = body.getInt() == bytes.length && body.getInt(CRC_AT) == crc(bytes);
        return run == runId && whole ? Optional.of(stamp) : Optional.empty();
    }

    /** A number that differs for different bodies. */
    public static long hash(byte[] body) {
        CRC32C crc = new CRC32C();
        crc.update(body);
        return ((long) body.length << 32) | crc.getValue();
    }

    private static int crc(byte[] body) {
        CRC32C crc = new CRC32C();
        crc.update(body, 0, CRC_AT);
        crc.update(body, FILL_AT, body.length - FILL_AT);
        return (int) crc.getValue();
    }
}
