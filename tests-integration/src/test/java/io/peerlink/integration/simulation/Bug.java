package io.peerlink.integration.simulation;

import io.peerlink.integration.simulation.Plan.Trouble;
import java.util.List;

/** Planted bugs: what the model does wrong, so that it shows whether the simulation finds it. */
enum Bug {
    /** The log acknowledges what only the leader has. */
    ACKNOWLEDGED_BEFORE_MAJORITY,
    /** A checkpoint lacks the table of outcomes. */
    CHECKPOINT_WITHOUT_OUTCOMES,
    /** A follower passes over one entry. */
    FOLLOWER_SKIPS_AN_ENTRY,
    /** One router's clock gets into its state. */
    OWN_CLOCK_IN_APPLY,
    /** The router is not told whose inboxes have grown. */
    EFFECTS_FORGOTTEN,
    /** The network loses a frame and the stream goes on. */
    FRAME_LOST,
    /** The network swaps two frames of a stream. */
    FRAMES_SWAPPED,
    /** A client's cursor does not survive its death. */
    CURSOR_FORGOTTEN,
    /** A client's cursor is stored too high. */
    CURSOR_TOO_HIGH;

    /** Trouble without which it does no harm. */
    List<Trouble> needs() {
        return switch (this) {
            case ACKNOWLEDGED_BEFORE_MAJORITY -> List.of(Trouble.LEADER_CHANGE);
            case CHECKPOINT_WITHOUT_OUTCOMES -> List.of(Trouble.CHECKPOINT, Trouble.ROUTER_RESTART);
            case CURSOR_FORGOTTEN, CURSOR_TOO_HIGH -> List.of(Trouble.CLIENT_CRASH);
            case FOLLOWER_SKIPS_AN_ENTRY, OWN_CLOCK_IN_APPLY, EFFECTS_FORGOTTEN, FRAME_LOST, FRAMES_SWAPPED ->
                List.of();
        };
    }
}
