package io.peerlink.integration.torture.check;

import io.peerlink.integration.torture.history.Event;
import java.util.function.Supplier;

/**
 * One thing that must hold. It sees each event before the ledger does, and the complete ledger at the end. Everything here is
 * linear or n log n in the number of events.
 */
abstract class Invariant {
    /** What the last line of a run counts a violation as. */
    enum Column {
        LOST,
        DOUBLED,
        OUT_OF_ORDER,
        UNTRUTHFUL,
        DIVERGED,
        /** Counted in no column: its own line tells. */
        OTHER
    }

    private final String name;
    private final Column column;
    private long violations;
    private String example = "";

    Invariant(String name, Column column) {
        this.name = name;
        this.column = column;
    }

    /** {@code I5 FIFO}, for example. */
    final String name() {
        return name;
    }

    final Column column() {
        return column;
    }

    final long violations() {
        return violations;
    }

    /** The first violation found. */
    final String example() {
        return example;
    }

    final void violated(Supplier<String> how) {
        if (violations++ == 0) {
            example = how.get();
        }
    }

    void on(Event event, Ledger before) {}

    void atEnd(Ledger ledger) {}
}
