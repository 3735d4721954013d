package io.peerlink.client.outbox;

import org.jspecify.annotations.Nullable;

/**
 * Requests that have a sequence and no outcome: a growing ring indexed by place, so that resending can walk it again. Its
 * owner bounds it by the window. Not thread-safe: session thread only.
 */
final class SentRequests {
    private @Nullable PendingRequest[] ring = new PendingRequest[1024];
    private int head;
    private int size;

    int size() {
        return size;
    }

    PendingRequest get(int index) {
        PendingRequest found = index < size ? ring[(head + index) & (ring.length - 1)] : null;
        if (found == null) {
            throw new IndexOutOfBoundsException(index);
        }
        return found;
    }

    void addLast(PendingRequest request) {
        if (size == ring.length) {
            grow();
        }
        ring[(head + size) & (ring.length - 1)] = request;
        size++;
    }

    PendingRequest removeFirst() {
        PendingRequest first = get(0);
        ring[head] = null;
        head = (head + 1) & (ring.length - 1);
        size--;
        return first;
    }

    private void grow() {
        @Nullable PendingRequest[] larger = new PendingRequest[ring.length * 2];
        for (int i = 0; i < size; i++) {
            larger[i] = ring[(head + i) & (ring.length - 1)];
        }
        ring = larger;
        head = 0;
    }
}
