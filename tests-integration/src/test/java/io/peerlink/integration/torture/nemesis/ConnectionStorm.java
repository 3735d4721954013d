package io.peerlink.integration.torture.nemesis;

import java.time.Duration;
import java.util.Random;

/** All peers of all clients throw their connection away and make a new one at the same time. */
final class ConnectionStorm implements Fault {
    private long reconnected;

    @Override
    public String name() {
        return "connection-storm";
    }

    @Override
    public void inject(Stage stage, Random random) {
        reconnected = stage.clients().all().parallelStream()
                .mapToLong(client -> client.tell("storm", 0))
                .sum();
    }

    @Override
    public boolean verify(Stage stage) {
        return reconnected == stage.clients().cast().peers();
    }

    @Override
    public Duration hold(Random random) {
        return Duration.ZERO;
    }

    @Override
    public void heal(Stage stage) {}
}
