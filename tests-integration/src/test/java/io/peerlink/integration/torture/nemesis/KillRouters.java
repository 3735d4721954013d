package io.peerlink.integration.torture.nemesis;

import io.peerlink.cli.local.LocalRouter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** SIGKILL to some routers at once; they are started again later. */
final class KillRouters implements Fault {
    private final Victims victims;
    private List<LocalRouter> killed = List.of();
    private List<Long> pids = List.of();

    KillRouters(Victims victims) {
        this.victims = victims;
    }

    @Override
    public String name() {
        return "kill-" + victims.word();
    }

    @Override
    public Optional<String> obstacle(Stage stage) {
        return victims.obstacle(stage);
    }

    @Override
    public void inject(Stage stage, Random random) {
        killed = victims.pick(stage, random);
        pids = killed.stream().map(LocalRouter::pid).toList();
        pids.forEach(pid -> Signals.send(pid, "KILL"));
    }

    @Override
    public boolean verify(Stage stage) {
        return pids.stream()
                .noneMatch(pid ->
                        ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent());
    }

    @Override
    public Duration hold(Random random) {
        return Duration.ofMillis(random.nextInt(3_000));
    }

    @Override
    public void heal(Stage stage) {
        killed.forEach(LocalRouter::start);
    }

    /** Who is hit. */
    enum Victims {
        LEADER {
            @Override
            List<LocalRouter> pick(Stage stage, Random random) {
                return List.of(stage.leader());
            }
        },
        FOLLOWER {
            @Override
            List<LocalRouter> pick(Stage stage, Random random) {
                return List.of(stage.someFollower(random));
            }
        },
        MAJORITY {
            @Override
            List<LocalRouter> pick(Stage stage, Random random) {
                List<LocalRouter> routers = new ArrayList<>(stage.cluster().routers());
                Collections.shuffle(routers, random);
                return routers.subList(0, routers.size() / 2 + 1);
            }
        },
        ALL {
            @Override
            List<LocalRouter> pick(Stage stage, Random random) {
                return stage.cluster().routers();
            }
        };

        abstract List<LocalRouter> pick(Stage stage, Random random);

        String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }

        Optional<String> obstacle(Stage stage) {
            return this == FOLLOWER || this == MAJORITY ? stage.followerObstacle() : Optional.empty();
        }
    }
}
