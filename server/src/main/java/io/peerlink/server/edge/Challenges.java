package io.peerlink.server.edge;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Challenges for operators. Nothing is kept of one until it was used well, so that a stranger who asks for many takes no room and
 * pushes nobody's out: each tells by itself, under a MAC with a key of this process, when it was made (as SYN cookies do). Any
 * thread.
 */
final class Challenges {
    /** 8 bytes of time, 8 random, 16 of the MAC. */
    private static final int MAC_AT = 16;

    private static final int BYTES = 32;
    private static final Duration LIFE = Duration.ofSeconds(30);
    private static final String ALGORITHM = "HmacSHA256";

    private final RandomGenerator random;
    private final LongSupplier nanoTime;
    private final SecretKeySpec secret;
    /** Only proven operators add to it. */
    private final Cache<ByteString, Boolean> used =
            Caffeine.newBuilder().expireAfterWrite(LIFE.multipliedBy(2)).build();

    /**
     * @param random makes the key too, so it must be unpredictable; any thread
     */
    Challenges(RandomGenerator random, LongSupplier nanoTime) {
        this.random = random;
        this.nanoTime = nanoTime;
        byte[] key = new byte[BYTES];
        random.nextBytes(key);
        this.secret = new SecretKeySpec(key, ALGORITHM);
    }

    ByteString issue() {
        ByteBuffer challenge = ByteBuffer.allocate(BYTES);
        challenge.putLong(nanoTime.getAsLong()).putLong(random.nextLong());
        challenge.put(mac(challenge.array()), 0, BYTES - MAC_AT);
        return ByteString.copyFrom(challenge.array());
    }

    /** Whether it was issued here a short while ago and was not used. */
    boolean isGood(ByteString challenge) {
        if (challenge.size() != BYTES) {
            return false;
        }
        byte[] bytes = challenge.toByteArray();
        boolean ours = MessageDigest.isEqual(
                Arrays.copyOfRange(bytes, MAC_AT, BYTES), Arrays.copyOf(mac(bytes), BYTES - MAC_AT));
        long age = nanoTime.getAsLong() - ByteBuffer.wrap(bytes).getLong();
        return ours && age <= LIFE.toNanos() && used.getIfPresent(challenge) == null;
    }

    /** Uses it up; false if another call was faster. */
    boolean use(ByteString challenge) {
        return used.asMap().putIfAbsent(challenge, true) == null;
    }

    /** Of the time and the random bytes. */
    private byte[] mac(byte[] challenge) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(secret);
            mac.update(challenge, 0, MAC_AT);
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no " + ALGORITHM, e);
        }
    }
}
