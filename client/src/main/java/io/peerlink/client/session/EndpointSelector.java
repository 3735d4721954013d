package io.peerlink.client.session;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The servers to try: where a router pointed first, then the configured ones, then the learned. Session thread only. */
final class EndpointSelector {
    private static final int ADDRESSES_MAX = 32;

    private final Set<String> configured;
    private final Predicate<String> strangers;
    private final Set<String> learned = new LinkedHashSet<>();
    private @Nullable String hint;

    /**
     * Begins with the configured ones.
     *
     * @param strangers whether a redirect may lead to an address that is neither configured nor learned
     */
    EndpointSelector(List<String> configured, Predicate<String> strangers) {
        this.configured = new LinkedHashSet<>(configured);
        this.strangers = strangers;
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
        hint = isAddress(address) && mayFollow(address) ? address : null;
    }

    private boolean mayFollow(String address) {
        return configured.contains(address) || learned.contains(address) || strangers.test(address);
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
        return Endpoint.find(text).isPresent();
    }
}
