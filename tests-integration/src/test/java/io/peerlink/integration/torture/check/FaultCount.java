package io.peerlink.integration.torture.check;

import io.peerlink.integration.torture.history.Event;
import io.peerlink.integration.torture.history.Kind;
import java.util.Set;
import java.util.TreeSet;

/** Counts the faults that really happened. */
final class FaultCount {
    private final Set<Integer> kinds = new TreeSet<>();
    private long count;

    void on(Event event) {
        if (event.kind() == Kind.VERIFIED) {
            kinds.add(event.code());
            count++;
        }
    }

    long count() {
        return count;
    }

    int kinds() {
        return kinds.size();
    }
}
