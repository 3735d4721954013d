package io.peerlink.integration.torture.nemesis;

import java.time.Duration;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * SIGKILL to a client process in the middle of everything: between presenting and confirming, between sending and hearing.
 * It returns with its keys and its durable cursors.
 */
final class KillClient implements Fault {
    private @Nullable ToldProcess victim;
    private long pid;

    @Override
    public String name() {
        return "kill-client";
    }

    @Override
    public void inject(Stage stage, Random random) {
        ToldProcess chosen = stage.clients().some(random);
        victim = chosen;
        pid = chosen.pid();
        stage.clients().kill(chosen);
    }

    @Override
    public boolean verify(Stage stage) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty();
    }

    @Override
    public Duration hold(Random random) {
        return Duration.ofMillis(random.nextInt(2_000));
    }

    @Override
    public void heal(Stage stage) {
        if (victim != null) {
            victim.start();
            victim.awaitReady();
            victim.tell("go", 0);
        }
    }
}
