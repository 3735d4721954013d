package io.peerlink.integration.torture.nemesis;

import java.time.Duration;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** All peers of one client process take long for every message; what waits for them piles up at the routers. */
final class SlowConsumer implements Fault {
    private static final long HANDLER_MS = 60;

    private @Nullable ToldProcess victim;
    private boolean obeyed;

    @Override
    public String name() {
        return "slow-consumer";
    }

    @Override
    public void inject(Stage stage, Random random) {
        ToldProcess chosen = stage.clients().some(random);
        victim = chosen;
        chosen.tell("slow", HANDLER_MS);
        obeyed = true;
    }

    @Override
    public boolean verify(Stage stage) {
        return obeyed;
    }

    @Override
    public Duration hold(Random random) {
        return Duration.ofMillis(1_000 + random.nextInt(3_000));
    }

    @Override
    public void heal(Stage stage) {
        obeyed = false;
        if (victim != null) {
            victim.tell("slow", 0);
        }
    }
}
