package io.peerlink.statemachine.state;

import com.google.protobuf.ByteString;
import io.peerlink.state.v1.InviteRecord;
import io.peerlink.statemachine.store.Transaction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Codes that let their holders register, found by their hashes: the codes themselves are nowhere. Apply thread only. */
public final class Invites {
    /** Length of a key: a SHA-256. */
    public static final int HASH_BYTES = 32;

    private static final int SWEPT_ROWS = 64;

    private final Transaction transaction;
    private final long clockMs;

    /** A key behind all of theirs. */
    public static byte[] end() {
        byte[] end = new byte[HASH_BYTES + 1];
        Arrays.fill(end, (byte) 0xff);
        return end;
    }

    Invites(Transaction transaction, long clockMs) {
        this.transaction = transaction;
        this.clockMs = clockMs;
    }

    /**
     * Keeps a new one. Expired ones that lie behind it are dropped: hashes are spread evenly, so every row is passed some time
     * and there are never many more than are valid.
     */
    public void add(ByteString hash, InviteRecord invite) {
        List<byte[]> expired = new ArrayList<>();
        int[] seen = new int[1];
        transaction.scan(Tables.INVITES, hash.toByteArray(), end(), row -> {
            if (row.value().getExpiresAtMs() <= clockMs) {
                expired.add(row.key());
            }
            return ++seen[0] < SWEPT_ROWS;
        });
        expired.forEach(key -> transaction.delete(Tables.INVITES, key));
        transaction.put(
                Tables.INVITES,
                hash.toByteArray(),
                invite.toBuilder().setCreatedAtMs(clockMs).build());
    }

    /** Whether there was one, whatever became of it since. */
    public boolean remove(ByteString hash) {
        boolean known = transaction.get(Tables.INVITES, hash.toByteArray()) != null;
        if (known) {
            transaction.delete(Tables.INVITES, hash.toByteArray());
        }
        return known;
    }

    /**
     * Uses an invite up.
     *
     * @param unlocks whether the name is one that was locked
     * @return false if it is not good for this name now; then nothing is changed
     */
    public boolean use(ByteString hash, String name, boolean unlocks) {
        if (hash.size() != HASH_BYTES) {
            return false;
        }
        InviteRecord invite = transaction.get(Tables.INVITES, hash.toByteArray());
        boolean good = invite != null
                && invite.getExpiresAtMs() > clockMs
                && invite.getUnlocks() == unlocks
                && (invite.getName().isEmpty() || invite.getName().equals(name));
        if (good) {
            transaction.delete(Tables.INVITES, hash.toByteArray());
        }
        return good;
    }
}
