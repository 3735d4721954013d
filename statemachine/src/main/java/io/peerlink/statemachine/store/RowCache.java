package io.peerlink.statemachine.store;

import com.google.protobuf.MessageLite;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Stored rows that apply used lately, decoded. Nothing here is ever stale, because apply is the only writer and tells what it
 * wrote. The next entry mostly asks for what the one before wrote: cursors, the outcomes just told, what was just confirmed.
 * Apply thread only.
 */
final class RowCache {
    /** What apply finds by its key. Messages and marks are only ever written by it. */
    private static final Set<ColumnFamily> KEPT = EnumSet.of(
            ColumnFamily.NAMES,
            ColumnFamily.PEERS,
            ColumnFamily.INCARNATIONS,
            ColumnFamily.OUTCOMES,
            ColumnFamily.GROUPS,
            ColumnFamily.MEMBERS,
            ColumnFamily.CONVERSATIONS,
            ColumnFamily.INBOX,
            ColumnFamily.CURSORS);

    private static final int ROWS_PER_TABLE_MAX = 2_048;
    /** Together with the above at most 9 MiB as stored. */
    private static final int ROW_BYTES_MAX = 512;

    private final Map<ColumnFamily, LeastLatelyUsed> tables = new EnumMap<>(ColumnFamily.class);

    RowCache() {
        KEPT.forEach(family -> tables.put(family, new LeastLatelyUsed()));
    }

    /** The stored row, or null if it is not kept here. */
    @Nullable MessageLite get(ColumnFamily family, byte[] key) {
        LeastLatelyUsed rows = tables.get(family);
        return rows == null ? null : rows.get(ByteBuffer.wrap(key));
    }

    /** Takes note of a stored row. */
    void put(ColumnFamily family, byte[] key, MessageLite value) {
        LeastLatelyUsed rows = tables.get(family);
        if (rows != null) {
            ByteBuffer wrapped = ByteBuffer.wrap(key);
            if (value.getSerializedSize() <= ROW_BYTES_MAX) {
                rows.put(wrapped, value);
            } else {
                rows.remove(wrapped);
            }
        }
    }

    /** Takes note of a deletion. */
    void remove(ColumnFamily family, byte[] key) {
        LeastLatelyUsed rows = tables.get(family);
        if (rows != null) {
            rows.remove(ByteBuffer.wrap(key));
        }
    }

    private static final class LeastLatelyUsed extends LinkedHashMap<ByteBuffer, MessageLite> {
        private static final long serialVersionUID = 1;

        LeastLatelyUsed() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, MessageLite> eldest) {
            return size() > ROWS_PER_TABLE_MAX;
        }
    }
}
