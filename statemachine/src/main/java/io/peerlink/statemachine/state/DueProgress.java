package io.peerlink.statemachine.state;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/**
 * Where due work of each type starts: there is none below these keys. Outlives entries, because work is always taken from
 * the front and RocksDB would wade through all the rows deleted there. Only a hint: it never hides a row, so the state does
 * not depend on it, and a restart may begin without it. Apply thread only.
 */
public final class DueProgress {
    private final Map<Due.Type, byte[]> starts = new EnumMap<>(Due.Type.class);

    byte[] start(Due.Type type) {
        return starts.getOrDefault(type, Due.firstKey(type));
    }

    void setStart(Due.Type type, byte[] key) {
        starts.put(type, key);
    }

    void lowerTo(Due.Type type, byte[] key) {
        if (Arrays.compareUnsigned(key, start(type)) < 0) {
            starts.put(type, key);
        }
    }
}
