package io.peerlink.integration.torture.nemesis;

import io.peerlink.cli.local.LocalRouter;
import io.peerlink.integration.torture.ground.Ground.Need;
import io.peerlink.integration.torture.ground.Network;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;

/** Packets between routers, or between routers and clients, get lost. */
final class NetworkFault implements Fault {
    private static final int FLAPS = 8;

    private final Trouble trouble;
    private List<String> hosts = List.of();
    private long droppedBefore;

    NetworkFault(Trouble trouble) {
        this.trouble = trouble;
    }

    /** Where it happens. */
    private record Scene(Network network, Random random, String leader, List<String> others) {
        List<String> all() {
            List<String> all = new ArrayList<>(others);
            all.add(leader);
            return all;
        }

        String any() {
            return all().get(random.nextInt(others.size() + 1));
        }

        List<String> allBut(String host) {
            return all().stream().filter(other -> !other.equals(host)).toList();
        }

        void cut(String host, List<String> from) {
            network.deafen(host, from);
            network.mute(host, from);
        }
    }

    /** What happens; each says at which hosts. */
    enum Trouble {
        /** The leader and the other routers hear nothing of each other; clients reach all. */
        PARTITION_LEADER {
            @Override
            List<String> begin(Scene scene) {
                scene.cut(scene.leader(), scene.others());
                return List.of(scene.leader());
            }
        },
        /** A router hears the others and is not heard, or the other way round. */
        PARTITION_ONE_WAY {
            @Override
            List<String> begin(Scene scene) {
                String host = scene.any();
                if (scene.random().nextBoolean()) {
                    scene.network().deafen(host, scene.allBut(host));
                } else {
                    scene.network().mute(host, scene.allBut(host));
                }
                return List.of(host);
            }
        },
        /** The leader keeps its followers, and no client reaches it. */
        LEADER_CUT_FROM_CLIENTS {
            @Override
            List<String> begin(Scene scene) {
                scene.cut(scene.leader(), List.of(scene.network().clientHost()));
                return List.of(scene.leader());
            }
        },
        /** A router is cut off from the others again and again. */
        FLAPPING {
            @Override
            List<String> begin(Scene scene) {
                String host = scene.any();
                for (int i = 0; i < FLAPS; i++) {
                    scene.cut(host, scene.allBut(host));
                    pause(scene);
                    scene.network().open(host);
                    pause(scene);
                }
                scene.cut(host, scene.allBut(host));
                return List.of(host);
            }

            private void pause(Scene scene) {
                Waiting.pass(Duration.ofMillis(50 + scene.random().nextInt(1_000)));
            }
        },
        /** Every router misses some of all packets. */
        PACKET_LOSS {
            @Override
            List<String> begin(Scene scene) {
                int percent = 2 + scene.random().nextInt(25);
                scene.all().forEach(host -> scene.network().lose(host, percent));
                return scene.all();
            }
        };

        abstract List<String> begin(Scene scene);
    }

    @Override
    public String name() {
        return trouble.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public Optional<Need> needs() {
        return Optional.of(Need.NETWORK);
    }

    @Override
    public Optional<String> obstacle(Stage stage) {
        return Fault.super.obstacle(stage).or(stage::followerObstacle);
    }

    @Override
    public void inject(Stage stage, Random random) {
        Network network = stage.ground().network();
        droppedBefore = dropped(stage);
        LocalRouter leader = stage.leader();
        List<String> others =
                stage.others(leader).stream().map(NetworkFault::host).toList();
        hosts = trouble.begin(new Scene(network, random, host(leader), others));
    }

    static String host(LocalRouter router) {
        String address = router.clientAddress();
        return address.substring(0, address.lastIndexOf(':'));
    }

    private static long dropped(Stage stage) {
        return stage.cluster().routers().stream()
                .mapToLong(router -> stage.ground().network().dropped(host(router)))
                .sum();
    }

    @Override
    public boolean verify(Stage stage) {
        return dropped(stage) > droppedBefore;
    }

    /** From less than an election to long enough for clients to look elsewhere. */
    @Override
    public Duration hold(Random random) {
        return Duration.ofMillis(500 + random.nextInt(7_000));
    }

    @Override
    public void heal(Stage stage) {
        hosts.forEach(stage.ground().network()::open);
    }
}
