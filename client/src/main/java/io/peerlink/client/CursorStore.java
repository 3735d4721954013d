package io.peerlink.client;

import io.peerlink.client.inbox.FileCursorStore;
import java.nio.file.Path;

/**
 * Remembers across restarts how far the inbox was handled, so that a message whose confirmation was lost in a crash is
 * not shown again. Called on the callback executor, one call at a time.
 */
public interface CursorStore {
    /** The highest handled inbox sequence of this peer in this cluster; 0 if unknown. */
    long load(String clusterId, String peer);

    /** Everything up to {@code inboxSequence} was handled. Called after every handled message, so keep it quick. */
    void save(String clusterId, String peer, long inboxSequence);

    /**
     * Keeps one number in a file. It survives a crash of the process; after a power cut it may be a little old, which
     * means at worst a repeat. One file serves one peer; for another cluster or peer it starts again.
     */
    static CursorStore file(Path file) {
        return new FileCursorStore(file);
    }
}
