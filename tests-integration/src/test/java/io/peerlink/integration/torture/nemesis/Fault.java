package io.peerlink.integration.torture.nemesis;

import io.peerlink.integration.torture.ground.Ground.Need;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;

/**
 * One kind of trouble. The nemesis calls {@link #inject}, awaits {@link #verify}, lets {@link #hold} pass, and calls
 * {@link #heal}; then the cluster must serve again. One fault at a time, all calls on one thread; what was hit may be kept in
 * fields between inject and heal.
 */
public interface Fault {
    /** As given to {@code --faults}. */
    String name();

    /** What must be made before routers start. */
    default Optional<Need> needs() {
        return Optional.empty();
    }

    /** Why it cannot happen here (no rights, no tool, too few routers); empty if it can. */
    default Optional<String> obstacle(Stage stage) {
        return needs().flatMap(stage.ground()::obstacle);
    }

    /** Makes it happen. The victim is a matter of {@code random}. */
    void inject(Stage stage, Random random);

    /** Whether it really happened, by looking at its effect. Asked repeatedly after inject, until true or too late. */
    boolean verify(Stage stage);

    /** How long it lasts. */
    Duration hold(Random random);

    /** Ends it. */
    void heal(Stage stage);
}
