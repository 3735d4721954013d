package io.peerlink.integration.torture.nemesis;

import io.peerlink.integration.torture.ground.Command;
import io.peerlink.integration.torture.ground.Ground.Need;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;

/** The kernel resets every connection of every client in the middle of whatever they do. */
final class ResetConnections implements Fault {
    private long reset;

    @Override
    public String name() {
        return "reset-connections";
    }

    @Override
    public Optional<Need> needs() {
        return Optional.of(Need.NETWORK);
    }

    @Override
    public Optional<String> obstacle(Stage stage) {
        return Fault.super.obstacle(stage).or(() -> Command.obstacle("ss"));
    }

    @Override
    public void inject(Stage stage, Random random) {
        reset = stage.ground().network().resetClients();
    }

    /** What the kernel closed is listed; connections that clients just make do not count. */
    @Override
    public boolean verify(Stage stage) {
        return reset > 0;
    }

    @Override
    public Duration hold(Random random) {
        return Duration.ZERO;
    }

    @Override
    public void heal(Stage stage) {
        reset = 0;
    }
}
