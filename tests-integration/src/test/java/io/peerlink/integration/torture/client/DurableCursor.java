package io.peerlink.integration.torture.client;

import io.peerlink.client.CursorStore;
import java.nio.file.Path;

/** The SDK's cursor file, and beside it what the history says was presented: whichever is further. Thread-safe. */
final class DurableCursor implements CursorStore {
    private final CursorStore file;
    private long presented;

    DurableCursor(Path file, long presented) {
        this.file = CursorStore.file(file);
        this.presented = presented;
    }

    @Override
    public synchronized long load(String clusterId, String peer) {
        return Math.max(presented, file.load(clusterId, peer));
    }

    @Override
    public synchronized void save(String clusterId, String peer, long inboxSequence) {
        file.save(clusterId, peer, inboxSequence);
    }

    /** A message was presented and that is on record. */
    synchronized void presented(long inboxSequence) {
        presented = Math.max(presented, inboxSequence);
    }
}
