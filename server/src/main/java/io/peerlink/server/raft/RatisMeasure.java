package io.peerlink.server.raft;

import java.util.Optional;

/**
 * One of Ratis' own figures, as of one moment.
 *
 * @param component the part of Ratis that it is of, such as {@code log_worker}
 * @param name what it measures, in Ratis' words
 * @param router the other router that it is about, if it is about one
 */
public record RatisMeasure(String component, String name, Optional<String> router, Reading reading) {
    /** What kind of figure it is. */
    public sealed interface Reading {}

    /** A number that goes up and down. */
    public record Level(double value) implements Reading {}

    /** A number that only grows. */
    public record Count(long value) implements Reading {}

    /**
     * How long something took: how often it happened since the start, and what the latest ones took, in seconds.
     */
    public record Timing(long count, double median, double p99, double max) implements Reading {}
}
