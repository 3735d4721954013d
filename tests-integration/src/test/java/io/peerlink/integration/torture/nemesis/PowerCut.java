package io.peerlink.integration.torture.nemesis;

import io.peerlink.cli.local.LocalRouter;
import io.peerlink.integration.torture.ground.Disk;
import io.peerlink.integration.torture.ground.Ground.Need;
import io.peerlink.integration.torture.ground.Papers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;

/** The power of all routers fails at once: the processes are gone, and with them everything that was not synced to disk. */
final class PowerCut implements Fault {
    private Path papers = Path.of("");
    private boolean dark;

    @Override
    public String name() {
        return "power-cut";
    }

    @Override
    public Optional<Need> needs() {
        return Optional.of(Need.DISK);
    }

    @Override
    public void inject(Stage stage, Random random) {
        stage.cluster().routers().forEach(router -> Signals.send(router.pid(), "KILL"));
        stage.cluster().routers().forEach(LocalRouter::kill);
        Path cluster = stage.cluster().directory();
        try {
            papers = Files.createTempDirectory("peerlink-papers");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Papers.copy(cluster, papers);
        stage.ground().disk().cutPower(stage.cluster().routers().get(0).config());
        dark = true;
    }

    @Override
    public boolean verify(Stage stage) {
        return dark && stage.ground().disk().isCut();
    }

    @Override
    public Duration hold(Random random) {
        return Duration.ZERO;
    }

    @Override
    public void heal(Stage stage) {
        dark = false;
        Disk disk = stage.ground().disk();
        disk.restorePower();
        Papers.copy(papers, stage.cluster().directory());
        Papers.delete(papers);
        stage.cluster().start();
    }
}
