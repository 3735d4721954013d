package io.peerlink.statemachine.store;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import com.google.protobuf.StringValue;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads that fail give their iterators back: closing the snapshot complains about any that is missing. */
final class ReadSnapshotTest {
    private static final byte[] KEY = KeyCodec.numbered("k", 1);
    private static final byte[] END = KeyCodec.numbered("k", 2);
    // Not UTF-8, so that reading the row as a string fails.
    private static final Table<BytesValue> STORED = new Table<>(ColumnFamily.CONVERSATIONS, BytesValue.parser());
    private static final Table<StringValue> BROKEN = new Table<>(ColumnFamily.CONVERSATIONS, StringValue.parser());

    private static final Table<BytesValue> SEAL = new Table<>(ColumnFamily.APPLIED, BytesValue.parser());

    @TempDir
    Path directory;

    private RocksStore store;
    private ReadSnapshot snapshot;

    @BeforeEach
    void openSnapshotOfOneRow() {
        store = RocksStore.open(directory);
        try (Transaction transaction = store.begin()) {
            ByteString bytes = ByteString.copyFrom(new byte[] {(byte) 0xFF});
            transaction.put(STORED, KEY, BytesValue.of(bytes));
            transaction.commit(SEAL, KEY, changes -> BytesValue.of(ByteString.copyFrom(changes)));
        }
        snapshot = store.snapshot();
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    @Test
    void visitorThatThrowsLeavesNoIteratorOpen() {
        assertThatThrownBy(() -> snapshot.scan(STORED, KEY, END, row -> {
                    throw new UnsupportedOperationException("visitor");
                }))
                .hasMessage("visitor");

        assertThatCode(snapshot::close).doesNotThrowAnyException();
    }

    @Test
    void rowThatCannotBeReadLeavesNoIteratorOpen() {
        assertThatThrownBy(() -> snapshot.floor(BROKEN, KEY, KEY)).isInstanceOf(StoreException.class);

        assertThatCode(snapshot::close).doesNotThrowAnyException();
    }
}
