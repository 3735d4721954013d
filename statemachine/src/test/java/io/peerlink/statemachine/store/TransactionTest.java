package io.peerlink.statemachine.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

/** Random changes and reads against a sorted map: what is pending and what is stored must look like one table. */
final class TransactionTest {
    private static final Table<ConversationRecord> TABLE =
            new Table<>(ColumnFamily.CONVERSATIONS, ConversationRecord.parser());
    private static final Table<ConversationRecord> SEAL =
            new Table<>(ColumnFamily.APPLIED, ConversationRecord.parser());
    private static final int KEYS = 40;

    @TempDir
    Path directory;

    @Test
    void readsPendingAndStoredRowsAsOne() {
        Random random = new Random(1);
        TreeMap<Long, Long> expected = new TreeMap<>();
        try (RocksStore store = RocksStore.open(directory)) {
            for (int entry = 0; entry < 200; entry++) {
                try (Transaction transaction = store.begin()) {
                    for (int step = 0; step < 30; step++) {
                        long key = random.nextInt(KEYS);
                        if (random.nextInt(5) < 2) {
                            expected.remove(key);
                            transaction.delete(TABLE, key(key));
                        } else {
                            long value = random.nextInt(1_000);
                            expected.put(key, value);
                            transaction.put(TABLE, key(key), record(value));
                        }
                        compare(transaction, expected, random);
                    }
                    transaction.commit(SEAL, key(0), changes -> record(0));
                }
                try (ReadSnapshot snapshot = store.snapshot()) {
                    compare(snapshot, expected, random);
                }
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

    private static void compare(Rows rows, NavigableMap<Long, Long> expected, Random random) {
        long probe = random.nextInt(KEYS);
        long lowest = random.nextInt(KEYS);
        var value = rows.get(TABLE, key(probe));
        assertThat(value == null ? null : (Long) value.getLastSequence()).isEqualTo(expected.get(probe));

        var floor = rows.floor(TABLE, key(lowest), key(probe));
        Map.Entry<Long, Long> expectedFloor = expected.floorEntry(probe);
        boolean found = expectedFloor != null && expectedFloor.getKey() >= lowest;
        assertThat(floor == null ? null : (Long) floor.lastNumber())
                .isEqualTo(found && expectedFloor != null ? expectedFloor.getKey() : null);

        Map<Long, Long> scanned = new TreeMap<>();
        rows.scan(TABLE, key(lowest), key(KEYS), row -> {
            scanned.put(row.lastNumber(), row.value().getLastSequence());
            return true;
        });
        assertThat(scanned).isEqualTo(expected.tailMap(lowest));
    }

    private static byte[] key(long number) {
        return KeyCodec.numbered("k", number);
    }

    private static ConversationRecord record(long value) {
        return ConversationRecord.newBuilder().setLastSequence(value).build();
    }
}
