package io.peerlink.integration.torture.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Things by a long key, in the order of their coming: millions of them without a box for each. Not thread-safe. */
final class LongIndex<T> {
    private static final int EMPTY = -1;

    private long[] keys = new long[1024];
    private int[] places = filled(1024);
    private final List<T> things = new ArrayList<>();

    private static int[] filled(int size) {
        int[] places = new int[size];
        Arrays.fill(places, EMPTY);
        return places;
    }

    private static int spread(long key, int size) {
        long mixed = key * 0x9E3779B97F4A7C15L;
        return (int) ((mixed >>> 32) ^ (mixed >>> 15)) & (size - 1);
    }

    private int slot(long key) {
        int slot = spread(key, keys.length);
        while (places[slot] != EMPTY && keys[slot] != key) {
            slot = (slot + 1) & (keys.length - 1);
        }
        return slot;
    }

    @Nullable T get(long key) {
        int place = places[slot(key)];
        return place == EMPTY ? null : things.get(place);
    }

    /** The thing there is, or a new one. */
    T computeIfAbsent(long key, Supplier<T> make) {
        T known = get(key);
        if (known != null) {
            return known;
        }
        T made = make.get();
        put(key, made);
        return made;
    }

    /** Adds a thing whose key is new. */
    void put(long key, T thing) {
        if (things.size() * 2 >= keys.length) {
            grow();
        }
        int slot = slot(key);
        keys[slot] = key;
        places[slot] = things.size();
        things.add(thing);
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldPlaces = places;
        keys = new long[2 * oldKeys.length];
        places = filled(keys.length);
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldPlaces[i] != EMPTY) {
                int slot = slot(oldKeys[i]);
                keys[slot] = oldKeys[i];
                places[slot] = oldPlaces[i];
            }
        }
    }

    List<T> all() {
        return things;
    }
}
