package io.peerlink.statemachine.store;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Builds and reads keys: names as UTF-8 bytes, each followed by a zero byte unless it is last, and numbers as eight bytes
 * big-endian. Byte order of keys is the order of their parts, because no name contains a zero byte.
 */
public final class KeyCodec {
    private KeyCodec() {}

    public static byte[] name(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    /** Start of all keys whose first part is this name. */
    public static byte[] prefix(String name) {
        byte[] bytes = name(name);
        return Arrays.copyOf(bytes, bytes.length + 1);
    }

    /** Start of all keys whose first parts are these names. */
    public static byte[] prefix(String first, String second) {
        byte[] bytes = names(first, second);
        return Arrays.copyOf(bytes, bytes.length + 1);
    }

    public static byte[] names(String first, String second) {
        byte[] one = name(first);
        byte[] two = name(second);
        byte[] key = Arrays.copyOf(one, one.length + 1 + two.length);
        System.arraycopy(two, 0, key, one.length + 1, two.length);
        return key;
    }

    public static byte[] numbered(String name, long number) {
        return append(prefix(name), number);
    }

    public static byte[] numbered(String first, String second, long number) {
        return append(prefix(first, second), number);
    }

    /** {@code prefix} followed by the number. */
    public static byte[] append(byte[] prefix, long number) {
        byte[] key = Arrays.copyOf(prefix, prefix.length + Long.BYTES);
        putNumber(key, prefix.length, number);
        return key;
    }

    /** The smallest key above every key that starts with {@code prefix}; the prefix must not be all 0xFF. */
    public static byte[] endOf(byte[] prefix) {
        for (int i = prefix.length - 1; i >= 0; i--) {
            if (prefix[i] != (byte) 0xFF) {
                byte[] end = Arrays.copyOf(prefix, i + 1);
                end[i]++;
                return end;
            }
        }
        throw new IllegalArgumentException("no end above a prefix of 0xFF");
    }

    /** The smallest key above {@code key}. */
    public static byte[] after(byte[] key) {
        return Arrays.copyOf(key, key.length + 1);
    }

    /** The number that the last eight bytes hold. */
    public static long lastNumber(byte[] key) {
        return number(key, key.length - Long.BYTES);
    }

    public static long number(byte[] key, int at) {
        long number = 0;
        for (int i = at; i < at + Long.BYTES; i++) {
            number = (number << Byte.SIZE) | (key[i] & 0xFF);
        }
        return number;
    }

    /** The name that starts at {@code at} and ends before a zero byte or with the key. */
    public static String nameAt(byte[] key, int at) {
        int end = at;
        while (end < key.length && key[end] != 0) {
            end++;
        }
        return new String(key, at, end - at, StandardCharsets.UTF_8);
    }

    /** Where the part behind the name at {@code at} starts. */
    public static int behindName(byte[] key, int at) {
        int end = at;
        while (end < key.length && key[end] != 0) {
            end++;
        }
        return end + 1;
    }

    static void putNumber(byte[] key, int at, long number) {
        for (int i = 0; i < Long.BYTES; i++) {
            key[at + i] = (byte) (number >>> (Long.SIZE - Byte.SIZE * (i + 1)));
        }
    }
}
