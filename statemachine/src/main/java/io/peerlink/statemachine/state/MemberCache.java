package io.peerlink.statemachine.state;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Member names of groups used lately, so that fan-out does not read rows. Outlives entries; a change of membership drops
 * the group's list. Never iterated, so that what it happens to hold cannot reach the state. Apply thread only.
 */
public final class MemberCache {
    private static final int NAMES_MAX = 100_000;

    private final Map<String, List<String>> members = new LinkedHashMap<>();
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

    void drop(String group) {
        List<String> dropped = members.remove(group);
        if (dropped != null) {
            names -= dropped.size();
        }
    }
}
