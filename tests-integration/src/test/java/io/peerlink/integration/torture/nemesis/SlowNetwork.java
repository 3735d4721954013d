package io.peerlink.integration.torture.nemesis;

import io.peerlink.integration.torture.ground.Ground.Need;
import io.peerlink.integration.torture.ground.Network;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** All routers' way out is narrow: what they send queues up, and some of it is dropped. */
final class SlowNetwork implements Fault {
    private List<String> hosts = List.of();

    @Override
    public String name() {
        return "slow-network";
    }

    @Override
    public Optional<Need> needs() {
        return Optional.of(Need.NETWORK);
    }

    @Override
    public void inject(Stage stage, Random random) {
        Network network = stage.ground().network();
        int kilobits = 200 + random.nextInt(800);
        hosts = stage.cluster().routers().stream().map(NetworkFault::host).toList();
        hosts.forEach(host -> network.slowDown(host, kilobits));
    }

    @Override
    public boolean verify(Stage stage) {
        return hosts.stream().anyMatch(host -> stage.ground().network().delayed(host) > 0);
    }

    @Override
    public Duration hold(Random random) {
        return Duration.ofMillis(2_000 + random.nextInt(5_000));
    }

    @Override
    public void heal(Stage stage) {
        hosts.forEach(stage.ground().network()::speedUp);
    }
}
