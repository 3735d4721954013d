package io.peerlink.integration.simulation;

import java.util.Random;
import java.util.random.RandomGenerator;

/** Nonces out of a few, so that what is signed repeats and {@link RememberedSignatures} has something to remember. */
final class FewNonces implements RandomGenerator {
    private static final int NONCES = 8;

    private final Random choice;

    FewNonces(Random choice) {
        this.choice = choice;
    }

    @Override
    public long nextLong() {
        return choice.nextInt(NONCES);
    }

    @Override
    public void nextBytes(byte[] bytes) {
        new Random(nextLong()).nextBytes(bytes);
    }
}
