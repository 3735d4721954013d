package io.peerlink.statemachine;

import java.util.List;

/**
 * What applying one log entry gave.
 *
 * @param outcomes one per command, in order
 * @param effects of inboxes, at most one of each kind per peer, in peer order (the tables hold them already); then comparisons
 */
public record ApplyResult(List<Outcome> outcomes, List<Effect> effects) {
    public ApplyResult {
        outcomes = List.copyOf(outcomes);
        effects = List.copyOf(effects);
    }
}
