package io.peerlink.integration.torture.nemesis;

import io.peerlink.cli.local.LocalRouter;
import io.peerlink.integration.torture.ground.Papers;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A follower loses its disk. As itself it must be refused; by the documented way, under a new id at the old addresses, it must
 * come back and catch up.
 */
final class WipedRouter implements Fault {
    private static final int START_REFUSED = 4;

    private @Nullable LocalRouter successor;

    @Override
    public String name() {
        return "wiped-router";
    }

    @Override
    public Optional<String> obstacle(Stage stage) {
        return stage.followerObstacle();
    }

    @Override
    public void inject(Stage stage, Random random) {
        LocalRouter lost = stage.someFollower(random);
        lost.kill();
        Papers.delete(lost.data());
        lost.start();
        if (lost.exitStatus() != START_REFUSED) {
            throw new IllegalStateException("wiped router " + lost.id() + " ended with " + lost.exitStatus()
                    + ", it should have been refused, see " + lost.log());
        }
        stage.cluster().forget(lost);
        LocalRouter newcomer = stage.cluster().prepareSuccessor(lost, Members.freshId(stage));
        successor = newcomer;
        Members.join(stage, newcomer);
        Members.insist(stage.cluster().servers(), admin -> admin.replace(lost.id(), Members.address(newcomer)));
    }

    /** It holds what the others hold. */
    @Override
    public boolean verify(Stage stage) {
        LocalRouter newcomer = successor;
        return newcomer != null && Members.isInStep(stage, newcomer);
    }

    @Override
    public Duration hold(Random random) {
        return Duration.ZERO;
    }

    @Override
    public void heal(Stage stage) {
        stage.checkAlive();
    }
}
