package io.peerlink.integration.torture.nemesis;

import io.peerlink.cli.local.LocalRouter;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** SIGTERM to one router after another, each started again and awaited before the next. */
final class RollingRestart implements Fault {
    private List<Long> before = List.of();

    @Override
    public String name() {
        return "rolling-restart";
    }

    @Override
    public void inject(Stage stage, Random random) {
        before = pids(stage);
        for (LocalRouter router : stage.cluster().routers()) {
            router.stop();
            stage.makeWhole();
        }
    }

    private static List<Long> pids(Stage stage) {
        return stage.cluster().routers().stream().map(LocalRouter::pid).toList();
    }

    @Override
    public boolean verify(Stage stage) {
        return pids(stage).stream().noneMatch(before::contains);
    }

    @Override
    public Duration hold(Random random) {
        return Duration.ZERO;
    }

    @Override
    public void heal(Stage stage) {
        stage.makeWhole();
    }
}
