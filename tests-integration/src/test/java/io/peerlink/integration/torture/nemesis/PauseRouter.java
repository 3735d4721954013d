package io.peerlink.integration.torture.nemesis;

import io.peerlink.cli.local.LocalRouter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** SIGSTOP and later SIGCONT: a router that is alive and silent, with all its connections open. */
final class PauseRouter implements Fault {
    private final KillRouters.Victims victims;
    private List<Long> pids = List.of();

    PauseRouter(KillRouters.Victims victims) {
        this.victims = victims;
    }

    @Override
    public String name() {
        return "pause-" + victims.word();
    }

    @Override
    public Optional<String> obstacle(Stage stage) {
        return Signals.hasProc() ? victims.obstacle(stage) : Optional.of("there is no /proc to see its state in");
    }

    @Override
    public void inject(Stage stage, Random random) {
        pids = victims.pick(stage, random).stream().map(LocalRouter::pid).toList();
        pids.forEach(pid -> Signals.send(pid, "STOP"));
    }

    @Override
    public boolean verify(Stage stage) {
        return pids.stream().allMatch(Signals::isStopped);
    }

    /** From shorter than an election to longer than any client's patience. */
    @Override
    public Duration hold(Random random) {
        return Duration.ofMillis(500 + random.nextInt(6_000));
    }

    @Override
    public void heal(Stage stage) {
        pids.forEach(pid -> Signals.send(pid, "CONT"));
    }
}
