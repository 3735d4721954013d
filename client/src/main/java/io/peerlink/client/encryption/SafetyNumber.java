package io.peerlink.client.encryption;

import io.peerlink.client.identity.SignedFields;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What two people read to each other to find out whether somebody sits between them: digits over both names and keys. */
final class SafetyNumber {
    private static final int GROUPS = 12;
    private static final int GROUP_BYTES = 5;
    private static final BigInteger GROUP_VALUES = BigInteger.valueOf(100_000);

    private SafetyNumber() {}

    /** The same whoever of the two is first: 60 digits of SHA-512, in groups of five. */
    static String of(Map<String, byte[]> keysByName) {
        SortedMap<String, byte[]> sorted = new TreeMap<>(keysByName);
        List<byte[]> fields = sorted.entrySet().stream()
                .flatMap(peer -> List.of(peer.getKey().getBytes(StandardCharsets.US_ASCII), peer.getValue()).stream())
                .toList();
        byte[] hash = sha512(SignedFields.of("peerlink-safety-number-v1", fields));
        StringBuilder digits = new StringBuilder();
        for (int group = 0; group < GROUPS; group++) {
            BigInteger number = new BigInteger(1, hash, group * GROUP_BYTES, GROUP_BYTES).mod(GROUP_VALUES);
            digits.append(group == 0 ? "" : " ").append(String.format("%05d", number.intValue()));
        }
        return digits.toString();
    }

    private static byte[] sha512(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-512").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no SHA-512", e);
        }
    }
}
