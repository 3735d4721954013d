package io.peerlink.integration.torture.check;

import java.util.List;

/**
 * What the checker found.
 *
 * @param events how many records were read
 * @param acknowledged sends that were accepted
 * @param faults faults that really happened
 * @param violations one for each invariant that does not hold
 * @param line the last line of a run
 */
public record Verdict(long events, long acknowledged, long faults, List<Violation> violations, String line) {
    /** Copies the list. */
    public Verdict {
        violations = List.copyOf(violations);
    }

    /** Whether an invariant does not hold, by its number: {@code I3}. */
    public boolean violates(String invariant) {
        return violations.stream().anyMatch(violation -> violation.invariant().startsWith(invariant + " "));
    }

    /** An invariant that does not hold, how often, and one example. */
    public record Violation(String invariant, long count, String example) {}
}
