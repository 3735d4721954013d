package io.peerlink.server.doctor;

import java.util.Locale;

/**
 * What one check found.
 *
 * @param what what was looked at
 * @param advice what to do about it; empty if nothing is to be done
 */
public record Finding(Level level, String what, String detail, String advice) {
    /** How bad it is. */
    public enum Level {
        OK,
        /** A router starts, but may run badly, or has to put something right first. */
        WARN,
        /** A router does not start, or must not. */
        FAIL
    }

    static Finding ok(String what, String detail) {
        return new Finding(Level.OK, what, detail, "");
    }

    /** For people and for grep: level, what, detail, advice. */
    public String line() {
        return String.format(Locale.ROOT, "%-4s  %-12s  %s", level.name().toLowerCase(Locale.ROOT), what, detail)
                + (advice.isEmpty() ? "" : "  -> " + advice);
    }
}
