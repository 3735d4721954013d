package io.peerlink.client.session;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The servers to try: where a router pointed first, then the configured ones, then the learned. Session thread only. */
final class EndpointSelector {
    private static final int ADDRESSES_MAX = 32;

    private final Set<String> configured;
    private final Set<String> learned = new LinkedHashSet<>();
    private @Nullable String hint;

    EndpointSelector(List<String> configured) {
        this.configured = new LinkedHashSet<>(configured);
    }

    /** The leader told all its routers; what was learned before may be gone. */
    void learn(List<String> addresses) {
        learned.clear();
        addresses.stream()
                .filter(EndpointSelector::isAddress)
                .limit(ADDRESSES_MAX)
                .forEach(learned::add);
    }

    /** A router named the leader. */
    void hint(String address) {
        hint = isAddress(address) ? address : null;
    }

    Optional<String> hint() {
        return Optional.ofNullable(hint);
    }

    List<String> order() {
        Set<String> all = new LinkedHashSet<>();
        hint().ifPresent(all::add);
        all.addAll(configured);
        all.addAll(learned);
        return new ArrayList<>(all);
    }

    private static boolean isAddress(String text) {
        return text.matches(".+:[0-9]{1,5}");
    }
}
