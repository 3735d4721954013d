package io.peerlink.statemachine.store;

import com.google.protobuf.MessageLite;

/** A row that was found. Immutable; the key array must not be changed. */
public final class Row<V extends MessageLite> {
    private final byte[] key;
    private final V value;

    Row(byte[] key, V value) {
        this.key = key;
        this.value = value;
    }

    public byte[] key() {
        return key;
    }

    public V value() {
        return value;
    }

    /** The number at the end of the key. */
    public long lastNumber() {
        return KeyCodec.lastNumber(key);
    }
}
