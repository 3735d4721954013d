package io.peerlink.integration.torture.proxy;

import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** What a relay does to connections now, and what it really did. Owned by the relay's thread. */
final class Troubles {
    private final Random random;
    private final Map<Direction, Long> delayNanos = new EnumMap<>(Direction.class);
    private long holdNanosMax;
    private long lastBegun;
    private long delayed;
    private long overtaken;

    /** Which way bytes go. */
    enum Direction {
        /** To the router. */
        UP,
        /** From the router. */
        DOWN
    }

    Troubles(long seed) {
        random = new Random(seed);
        calm();
    }

    /** Nothing is delayed or held back from now on. */
    void calm() {
        holdNanosMax = 0;
        for (Direction direction : Direction.values()) {
            delay(direction, 0);
        }
    }

    void delay(Direction direction, long millis) {
        delayNanos.put(direction, TimeUnit.MILLISECONDS.toNanos(millis));
    }

    /** The first bytes of each new connection wait, each for another time, so that later connections come first. */
    void hold(long millisMax) {
        holdNanosMax = TimeUnit.MILLISECONDS.toNanos(millisMax);
    }

    long delayNanos(Direction direction) {
        return delayNanos.getOrDefault(direction, 0L);
    }

    /** How long a new connection's first bytes are held back. */
    long nextHoldNanos() {
        return holdNanosMax == 0 ? 0 : random.nextLong(holdNanosMax);
    }

    /** One of two, by the seed. */
    boolean coin() {
        return random.nextBoolean();
    }

    /** Some bytes were let through that had been held for their time. */
    void passedLate() {
        delayed++;
    }

    /** The first bytes of a connection reached the router; {@code number} counts connections as they came in. */
    void begun(long number) {
        if (number < lastBegun) {
            overtaken++;
        }
        lastBegun = Math.max(lastBegun, number);
    }

    /** How often bytes were let through late. */
    long delayed() {
        return delayed;
    }

    /** How many connections reached the router after one that came in later. */
    long overtaken() {
        return overtaken;
    }
}
