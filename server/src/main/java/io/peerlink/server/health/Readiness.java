package io.peerlink.server.health;

import io.peerlink.server.edge.FreeSpace;
import io.peerlink.server.raft.LogUnavailableException;
import io.peerlink.server.raft.RouterStatus;
import java.util.List;
import java.util.function.Supplier;

/**
 * Whether this router is fit to play its part, be it the leader's or a follower's: it knows a leader, has applied what is
 * committed, and its disk has room. Not whether it lives: a router that waits for a majority is not ready, and killing it would not
 * help. Any thread; does not block.
 */
public final class Readiness {
    /** Less than a second's entries of a busy leader. */
    private static final long LAG_MAX = 1_000;

    private final String routerId;
    private final Supplier<RouterStatus> status;
    private final FreeSpace freeSpace;

    /** Looks at these when it is asked. */
    public Readiness(String routerId, Supplier<RouterStatus> status, FreeSpace freeSpace) {
        this.routerId = routerId;
        this.status = status;
        this.freeSpace = freeSpace;
    }

    /**
     * One thing that a router needs to be ready.
     *
     * @param detail for people
     */
    public record Check(String name, boolean ok, String detail) {}

    /**
     * What was found.
     *
     * @param ready whether all checks are ok
     */
    public record Report(String router, boolean ready, List<Check> checks) {
        /** Copies the list. */
        public Report {
            checks = List.copyOf(checks);
        }
    }

    /** Looks now. */
    public Report look() {
        List<Check> checks;
        try {
            RouterStatus now = status.get();
            checks = List.of(leader(now), caughtUp(now), disk());
        } catch (LogUnavailableException e) {
            checks = List.of(new Check("log", false, String.valueOf(e.getMessage())), disk());
        }
        return new Report(routerId, checks.stream().allMatch(Check::ok), checks);
    }

    private static Check leader(RouterStatus now) {
        String known = now.leaderId()
                .map(leader -> leader + " leads in term " + now.term())
                .orElse("no leader is known in term " + now.term());
        return new Check("leader", now.isLed(), now.followed() ? known : known + ", but no majority answers it");
    }

    private static Check caughtUp(RouterStatus now) {
        boolean member = now.role() != RouterStatus.Role.STARTING;
        return new Check(
                "caught_up",
                member && now.lag() <= LAG_MAX,
                member
                        ? now.lag() + " committed entries are not applied here; at most " + LAG_MAX + " may be"
                        : "not a member of the cluster yet");
    }

    private Check disk() {
        boolean low = freeSpace.isLow();
        return new Check("disk", !low, low ? "less than disk-free-min is free" : "there is room");
    }
}
