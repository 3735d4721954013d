package io.peerlink.statemachine.store;

import com.google.protobuf.MessageLite;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;
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

    /**
     * CRC-32C and CRC-32, 64 bits, over table number, lengths of key and value (-1: deleted), key and value of each. Enough to
     * notice routers that differ by accident; nobody chooses what they write. The quick compiler has instructions for these
     * two and none for SHA-256, which took a third of the time of applying.
     */
    byte[] checksums() {
        CRC32C castagnoli = new CRC32C();
        CRC32 ieee = new CRC32();
        List<Checksum> both = List.of(castagnoli, ieee);
        byte[] numbers = new byte[3 * Integer.BYTES];
        ByteBuffer writer = ByteBuffer.wrap(numbers);
        for (Change change : changes) {
            byte[] value = change.value();
            writer.clear()
                    .putInt(change.family().number())
                    .putInt(change.key().length)
                    .putInt(value == null ? -1 : value.length);
            for (Checksum checksum : both) {
                checksum.update(numbers);
                checksum.update(change.key());
                if (value != null) {
                    checksum.update(value);
                }
            }
        }
        return ByteBuffer.allocate(2 * Integer.BYTES)
                .putInt((int) castagnoli.getValue())
                .putInt((int) ieee.getValue())
                .array();
    }
}
