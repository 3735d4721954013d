package io.peerlink.statemachine.state;

import io.peerlink.statemachine.store.KeyCodec;

/**
 * Work that a tick does when its time has come: (type, time, name, number), in this order; or, without a name, the row of all
 * work that one entry left for that time. Immutable.
 *
 * @param type what to do
 * @param timeMs when: an expiry; or the time since which a retention counts
 * @param name the conversation or the peer; empty: a group
 * @param number first sequence of the message run, or the incarnation; of a group the entry's index
 */
public record Due(Type type, long timeMs, String name, long number) {
    private static final int TIME_AT = 1;
    private static final int NAME_AT = TIME_AT + Long.BYTES;

    /** Permanent numbers: they are the first byte of the key. */
    public enum Type {
        /** Messages of a run with this expiry end for whoever lacks them. */
        EXPIRY(1),
        /** A run is deleted once everybody has had it for long enough. */
        RETENTION(2),
        /** An incarnation that was not used for long is forgotten. */
        INCARNATION(3);

        private final byte number;

        Type(int number) {
            this.number = (byte) number;
        }
    }

    static Due group(Type type, long timeMs, long index) {
        return new Due(type, timeMs, "", index);
    }

    boolean isGroup() {
        return name.isEmpty();
    }

    static byte[] firstKey(Type type) {
        return new byte[] {type.number};
    }

    /** The key above all work of this type up to a time. */
    static byte[] endKey(Type type, long timeMs) {
        return KeyCodec.append(firstKey(type), timeMs + 1);
    }

    static Due at(Type type, byte[] key) {
        return new Due(type, KeyCodec.number(key, TIME_AT), KeyCodec.nameAt(key, NAME_AT), KeyCodec.lastNumber(key));
    }

    byte[] key() {
        byte[] rest = KeyCodec.numbered(name, number);
        byte[] start = KeyCodec.append(firstKey(type), timeMs);
        byte[] key = new byte[start.length + rest.length];
        System.arraycopy(start, 0, key, 0, start.length);
        System.arraycopy(rest, 0, key, start.length, rest.length);
        return key;
    }
}
