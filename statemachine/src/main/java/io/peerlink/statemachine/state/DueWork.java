package io.peerlink.statemachine.state;

import com.google.protobuf.Empty;
import io.peerlink.statemachine.store.Transaction;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Work for ticks, as the entry being applied sees and changes it. Apply thread only. */
public final class DueWork {
    private final Transaction transaction;
    private final DueProgress progress;

    DueWork(Transaction transaction, DueProgress progress) {
        this.transaction = transaction;
        this.progress = progress;
    }

    public void put(Due due) {
        byte[] key = due.key();
        transaction.put(Tables.DUE, key, Empty.getDefaultInstance());
        progress.lowerTo(due.type(), key);
    }

    public void delete(Due due) {
        transaction.delete(Tables.DUE, due.key());
    }

    /** The first work of this type with a time up to {@code timeMs}, or null. */
    public @Nullable Due next(Due.Type type, long timeMs) {
        byte[] start = progress.start(type);
        byte[] end = Due.endKey(type, timeMs);
        if (timeMs < 0 || Arrays.compareUnsigned(start, end) >= 0) {
            return null;
        }
        var row = transaction.ceiling(Tables.DUE, start, end);
        progress.setStart(type, row == null ? end : row.key());
        return row == null ? null : Due.at(type, row.key());
    }
}
