package io.peerlink.statemachine.state;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Member names of groups used lately, so that fan-out does not read rows, and in how many groups peers are that joined lately. Outlives entries; a change of membership drops
 * the group's list. Never iterated, so that what it happens to hold cannot reach the state. Apply thread only.
 */
public final class MemberCache {
    private static final int NAMES_MAX = 100_000;

    private final Map<String, List<String>> members = new LinkedHashMap<>();
    private final Map<String, Integer> memberships = new LinkedHashMap<>();
    private int names;

    @Nullable List<String> get(String group) {
        return members.get(group);
    }

    void put(String group, List<String> peers) {
        drop(group);
        if (names + peers.size() > NAMES_MAX) {
            members.clear();
            names = 0;
        }
        members.put(group, peers);
        names += peers.size();
    }

    /** In how many groups the peer is, if that was counted lately. */
    @Nullable Integer memberships(String peer) {
        return memberships.get(peer);
    }

    void counted(String peer, int groups) {
        if (memberships.size() >= NAMES_MAX) {
            memberships.clear();
        }
        memberships.put(peer, groups);
    }

    /** The peer joined ({@code by} 1) or left (-1). */
    void changed(String peer, int by) {
        memberships.computeIfPresent(peer, (any, groups) -> groups + by);
    }

    void drop(String group) {
        List<String> dropped = members.remove(group);
        if (dropped != null) {
            names -= dropped.size();
        }
    }
}
