package io.peerlink.statemachine.view;

import io.peerlink.statemachine.state.StoredRun;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decoded message rows that will be read again: a pump reads a large row page by page, and the pumps of a group's members read the
 * same row. Oldest out first. What one recipient reads once is not kept: it would stay until it has grown old and costs a
 * collection of the whole heap, a tenth of a second, to be rid of. Rows never change once written, so nothing here is ever stale.
 * Any thread.
 */
final class RunCache {
    private static final long BYTES_MAX = 16L << 20;

    private final Map<Key, StoredRun> runs = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    /** Where a run begins. */
    record Key(String conversation, long first) {}

    synchronized @Nullable StoredRun get(Key key) {
        return runs.get(key);
    }

    synchronized void put(Key key, StoredRun run) {
        if (runs.put(key, run) != null) {
            // Another thread read it at the same time.
            return;
        }
        bytes += run.storedBytes();
        Iterator<StoredRun> oldest = runs.values().iterator();
        while (bytes > BYTES_MAX && oldest.hasNext()) {
            bytes -= oldest.next().storedBytes();
            oldest.remove();
        }
    }
}
