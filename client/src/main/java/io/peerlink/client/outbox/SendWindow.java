package io.peerlink.client.outbox;

/**
 * Counts what is under way against its limits: requests without an outcome, their bytes, and outcomes whose futures have not
 * completed yet. The last bound keeps a program with slow callbacks from piling them up; callbacks themselves are exempt from
 * it, or one that sends would wait for itself. Not thread-safe: guarded by the outbox.
 */
final class SendWindow {
    private final int requestsMax;
    private final long bytesMax;
    private int requests;
    private long bytes;
    private int completing;

    SendWindow(int requestsMax, long bytesMax) {
        this.requestsMax = requestsMax;
        this.bytesMax = bytesMax;
    }

    boolean hasRoomFor(int size, boolean fromCallback) {
        return requests < requestsMax
                && (bytes == 0 || bytes + size <= bytesMax)
                && (fromCallback || completing < requestsMax);
    }

    void enter(int size) {
        requests++;
        bytes += size;
    }

    void leave(int size) {
        requests--;
        bytes -= size;
    }

    void beginCompleting(int count) {
        completing += count;
    }

    void endCompleting(int count) {
        completing -= count;
    }

    int requests() {
        return requests;
    }

    int requestsMax() {
        return requestsMax;
    }
}
