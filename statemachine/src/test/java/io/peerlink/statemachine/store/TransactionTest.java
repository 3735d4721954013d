package io.peerlink.statemachine.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.peerlink.state.v1.ConversationRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random changes and reads against a sorted map: what is pending and what is stored must look like one table. */
final class TransactionTest {
    /** Its rows stay in the cache between entries. */
    private static final Table<ConversationRecord> TABLE =
            new Table<>(ColumnFamily.CONVERSATIONS, ConversationRecord.parser());
    /** Its rows do not. */
    private static final Table<ConversationRecord> UNCACHED =
            new Table<>(ColumnFamily.MESSAGES, ConversationRecord.parser());

    private static final Table<ConversationRecord> SEAL =
            new Table<>(ColumnFamily.APPLIED, ConversationRecord.parser());
    private static final int KEYS = 40;
    /** Some rows are too large for the cache. */
    private static final String LARGE = "x".repeat(600);

    @TempDir
    Path directory;

    static List<Table<ConversationRecord>> tables() {
        return List.of(TABLE, UNCACHED);
    }

    @ParameterizedTest
    @MethodSource("tables")
    void readsPendingAndStoredRowsAsOne(Table<ConversationRecord> table) {
        Random random = new Random(1);
        TreeMap<Long, Long> expected = new TreeMap<>();
        // Opened anew, so that it starts with an empty cache over what is stored.
        for (int life = 0; life < 20; life++) {
            try (RocksStore store = RocksStore.open(directory)) {
                live(store, table, expected, random);
            }
        }
    }

    private static void live(
            RocksStore store, Table<ConversationRecord> table, NavigableMap<Long, Long> expected, Random random) {
        for (int entry = 0; entry < 10; entry++) {
            try (Transaction transaction = store.begin()) {
                for (int step = 0; step < 30; step++) {
                    long key = random.nextInt(KEYS);
                    if (random.nextInt(5) < 2) {
                        expected.remove(key);
                        transaction.delete(table, key(key));
                    } else {
                        long value = random.nextInt(1_000);
                        expected.put(key, value);
                        transaction.put(table, key(key), record(value));
                    }
                    compare(transaction, table, expected, random);
                }
                transaction.commit(SEAL, key(0), changes -> record(0));
            }
            try (ReadSnapshot snapshot = store.snapshot()) {
                compare(snapshot, table, expected, random);
            }
        }
    }

    @Test
    void seesItsOwnDeletionsDuringAScan() {
        try (RocksStore store = RocksStore.open(directory)) {
            try (Transaction transaction = store.begin()) {
                for (long key = 0; key < 10; key++) {
                    transaction.put(TABLE, key(key), record(key));
                }
                transaction.commit(SEAL, key(0), changes -> record(0));
            }
            try (Transaction transaction = store.begin()) {
                List<Long> seen = new ArrayList<>();
                transaction.scan(TABLE, key(0), key(10), row -> {
                    seen.add(row.lastNumber());
                    transaction.delete(TABLE, row.key());
                    transaction.delete(TABLE, key(row.lastNumber() + 1));
                    return true;
                });
                assertThat(seen).containsExactly(0L, 2L, 4L, 6L, 8L);
                assertThat(transaction.ceiling(TABLE, key(0), key(10))).isNull();
            }
        }
    }

    @Test
    void refusesSnapshotsAfterClose() {
        RocksStore store = RocksStore.open(directory);
        store.close();
        store.close();

        assertThatThrownBy(store::snapshot).isInstanceOf(StoreException.class).hasMessageContaining("closed");
    }

    private static void compare(
            Rows rows, Table<ConversationRecord> table, NavigableMap<Long, Long> expected, Random random) {
        long probe = random.nextInt(KEYS);
        long lowest = random.nextInt(KEYS);
        var value = rows.get(table, key(probe));
        assertThat(value == null ? null : (Long) value.getLastSequence()).isEqualTo(expected.get(probe));

        var floor = rows.floor(table, key(lowest), key(probe));
        Map.Entry<Long, Long> expectedFloor = expected.floorEntry(probe);
        boolean found = expectedFloor != null && expectedFloor.getKey() >= lowest;
        assertThat(floor == null ? null : (Long) floor.lastNumber())
                .isEqualTo(found && expectedFloor != null ? expectedFloor.getKey() : null);

        Map<Long, Long> scanned = new TreeMap<>();
        rows.scan(table, key(lowest), key(KEYS), row -> {
            scanned.put(row.lastNumber(), row.value().getLastSequence());
            return true;
        });
        assertThat(scanned).isEqualTo(expected.tailMap(lowest));
    }

    private static byte[] key(long number) {
        return KeyCodec.numbered("k", number);
    }

    private static ConversationRecord record(long value) {
        ConversationRecord.Builder record = ConversationRecord.newBuilder().setLastSequence(value);
        if (value % 10 == 0) {
            record.setUnknownFields(UnknownFieldSet.newBuilder()
                    .addField(
                            99,
                            UnknownFieldSet.Field.newBuilder()
                                    .addLengthDelimited(ByteString.copyFromUtf8(LARGE))
                                    .build())
                    .build());
        }
        return record.build();
    }
}
