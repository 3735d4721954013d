package io.peerlink.client.encryption;

import io.peerlink.client.identity.SignedFields;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What two people read to each other to find out whether somebody sits between them: digits over both names and keys. */
final class SafetyNumber {
    private static final String PURPOSE = "peerlink-safety-number-v1";
    private static final int GROUPS = 12;
    private static final int GROUP_BYTES = 5;
    private static final BigInteger GROUP_VALUES = BigInteger.valueOf(100_000);

    private SafetyNumber() {}

    /** The same whoever of the two is first: 60 digits of SHA-512, in groups of five. */
    static String of(Map<String, byte[]> keysByName) {
        List<byte[]> fields = new ArrayList<>(List.of(PURPOSE.getBytes(StandardCharsets.US_ASCII)));
        new TreeMap<>(keysByName).forEach((name, key) -> {
            fields.add(name.getBytes(StandardCharsets.US_ASCII));
            fields.add(key);
        });
        byte[] hash = sha512(SignedFields.of(fields.toArray(byte[][]::new)));
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
