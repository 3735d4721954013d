package io.peerlink.cli.bench;

import java.nio.ByteBuffer;

/**
 * The first bytes of a body: which message of its sender it is, and when it was due.
 *
 * @param number from 0, without holes
 * @param dueNanos {@link System#nanoTime}: sender and receiver are one process
 */
record LoadBody(long number, long dueNanos) {
    /** The least a body has. */
    static final int BYTES = 2 * Long.BYTES;

    byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        ByteBuffer.wrap(bytes).putLong(number).putLong(dueNanos);
        return bytes;
    }

    static LoadBody of(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new LoadBody(buffer.getLong(), buffer.getLong());
    }
}
