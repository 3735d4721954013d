package io.peerlink.statemachine.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.BytesValue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RocksStoreTest {
    private static final byte[] KEY = KeyCodec.numbered("k", 1);
    private static final Table<BytesValue> ROWS = new Table<>(ColumnFamily.APPLIED, BytesValue.parser());

    @TempDir
    Path directory;

    private RocksStore store;

    @BeforeEach
    void open() {
        store = RocksStore.open(directory);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void tablesThatCompactionDropsStayUntilTheVisitIsOver() {
        write();

        store.visitTables(shown -> {
            List<Path> tables = shown.stream().filter(RocksStoreTest::isTable).toList();
            assertThat(tables).isNotEmpty();
            // The same row in one table after another, until compaction makes one of them.
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                write();
                return !tables().containsAll(tables);
            });
            // It deletes what it dropped a little later, and so does the next flush.
            write();
            tables();
            assertThat(tables).allSatisfy(table -> assertThat(table).exists());
        });
    }

    private void write() {
        try (Transaction transaction = store.begin()) {
            transaction.commit(ROWS, KEY, changes -> BytesValue.getDefaultInstance());
        }
    }

    /** Of which the database consists now, what was written last included. */
    private List<Path> tables() {
        List<Path> tables = new ArrayList<>();
        store.visitTables(
                shown -> shown.stream().filter(RocksStoreTest::isTable).forEach(tables::add));
        return tables;
    }

    private static boolean isTable(Path file) {
        return file.toString().endsWith(".sst");
    }
}
