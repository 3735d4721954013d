package io.peerlink.statemachine.store;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The hash of digests and of the running hash. */
public final class Sha256 {
    private Sha256() {}

    /** A hash to be fed; the caller's own. */
    public static MessageDigest begin() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime must have SHA-256", e);
        }
    }
}
