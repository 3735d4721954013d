package io.peerlink.integration.torture.check;

import io.peerlink.integration.torture.history.Event;
import io.peerlink.integration.torture.history.Kind;
import io.peerlink.integration.torture.history.Op;

/** Measures the longest time in which sends were outstanding and none was acknowledged. No invariant, a number. */
final class AckGap {
    private final LongIndex<long[]> outstanding = new LongIndex<>();
    private long total;
    private long since;
    private long longest;
    private long acknowledged;

    void on(Event event) {
        if (event.kind() == Kind.CLIENT_GONE) {
            long[] own = outstanding.computeIfAbsent(event.client(), () -> new long[1]);
            total -= own[0];
            own[0] = 0;
        }
        if (event.op() != Op.SEND) {
            return;
        }
        long[] own = outstanding.computeIfAbsent(event.client(), () -> new long[1]);
        switch (event.kind()) {
            case INVOKE -> {
                since = total == 0 ? event.nanos() : since;
                own[0]++;
                total++;
            }
            case OK -> {
                acknowledged++;
                longest = Math.max(longest, event.nanos() - since);
                since = event.nanos();
                own[0]--;
                total--;
            }
            case FAIL, UNKNOWN -> {
                own[0]--;
                total--;
            }
            default -> {}
        }
    }

    long acknowledged() {
        return acknowledged;
    }

    long longestMillis() {
        return longest / 1_000_000;
    }
}
