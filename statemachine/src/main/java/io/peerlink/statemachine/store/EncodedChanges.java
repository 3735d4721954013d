package io.peerlink.statemachine.store;

import com.google.protobuf.MessageLite;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The changes of one entry as bytes, in table and key order: what is hashed is what is written. Apply thread only. */
final class EncodedChanges {
    private final List<Change> changes = new ArrayList<>();

    /**
     * One row.
     *
     * @param value null: deleted
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared; handed straight to RocksDB.
    record Change(ColumnFamily family, byte[] key, byte @Nullable [] value) {}

    static EncodedChanges of(Map<ColumnFamily, NavigableMap<byte[], Optional<MessageLite>>> changes) {
        EncodedChanges encoded = new EncodedChanges();
        changes.forEach((family, rows) -> rows.forEach((key, value) -> encoded.changes.add(
                new Change(family, key, value.map(MessageLite::toByteArray).orElse(null)))));
        return encoded;
    }

    void add(ColumnFamily family, byte[] key, MessageLite value) {
        changes.add(new Change(family, key, value.toByteArray()));
    }

    List<Change> list() {
        return changes;
    }

    /** Over table number, lengths of key and value (-1: deleted), key and value of each. */
    byte[] sha256() {
        MessageDigest sha256 = Sha256.begin();
        ByteBuffer numbers = ByteBuffer.allocate(3 * Integer.BYTES);
        for (Change change : changes) {
            byte[] value = change.value();
            numbers.clear()
                    .putInt(change.family().number())
                    .putInt(change.key().length)
                    .putInt(value == null ? -1 : value.length)
                    .flip();
            sha256.update(numbers);
            sha256.update(change.key());
            if (value != null) {
                sha256.update(value);
            }
        }
        return sha256.digest();
    }
}
