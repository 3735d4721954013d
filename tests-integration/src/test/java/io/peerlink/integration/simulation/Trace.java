package io.peerlink.integration.simulation;

import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Everything that happened in a run, as one number; and line by line for whoever wants to read it. */
final class Trace {
    private final @Nullable Consumer<String> reader;
    private long hash = 1;
    private long lines;
    private @Nullable String complaint;

    /** {@code reader} gets the lines; null: nobody. */
    Trace(@Nullable Consumer<String> reader) {
        this.reader = reader;
    }

    /** Something happened, told by two numbers. */
    void add(long nanos, String what, long one, long other) {
        mix(nanos);
        mix(what.hashCode());
        mix(one);
        mix(other);
        lines++;
        if (reader != null) {
            reader.accept(String.format("%,15d us %s %d %d", nanos / 1_000, what, one, other));
        }
    }

    /** Something happened that must not; the first such thing counts. It is kept here because callbacks must not throw. */
    void complain(String what) {
        if (complaint == null) {
            complaint = what;
        }
    }

    Optional<String> complaint() {
        return Optional.ofNullable(complaint);
    }

    private void mix(long value) {
        hash = (hash ^ value) * 0x9E3779B97F4A7C15L;
        hash ^= hash >>> 29;
    }

    /** The same for two runs in which the same happened. */
    long hash() {
        return hash;
    }

    /** How much happened. */
    long lines() {
        return lines;
    }
}
