package io.peerlink.integration.torture.nemesis;

import io.peerlink.integration.torture.ground.Ground.Need;
import io.peerlink.integration.torture.nemesis.Proxies.Line;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** The proxies in front of all routers do something to connections: to those of the clients, or to those between routers. */
final class ProxyFault implements Fault {
    private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Effect effect;
    private Random again = new Random(0);
    private long injectedNanos;
    private Line line = Line.CLIENT;
    private long before;
    private long hit;

    ProxyFault(Effect effect) {
        this.effect = effect;
    }

    /** What they do. */
    enum Effect {
        /** Every connection that is in use is reset at once, on both sides. */
        RESET_CONNECTIONS("") {
            @Override
            long inject(Proxies proxies, Line line, Random random) {
                return proxies.order(line, "reset", 0);
            }
        },
        /** Bytes come late: in one direction, in the other, or in both. */
        DELAYED_BYTES("delayed") {
            @Override
            long inject(Proxies proxies, Line line, Random random) {
                int choice = random.nextInt(3);
                long millis = 20L + random.nextInt(line == Line.CLIENT ? 1_500 : 400);
                proxies.order(line, "delay-down", choice == 1 ? 0 : millis);
                return proxies.order(line, "delay-up", choice == 0 ? 0 : millis);
            }
        },
        /** Some connections that are in use end in one direction only: that side sees the end and may still send. */
        HALF_CLOSED("") {
            @Override
            long inject(Proxies proxies, Line line, Random random) {
                return proxies.order(line, "half-close", 0);
            }
        },
        /** Some connections that are in use lose everything in one direction, without a word. */
        ONE_WAY_CONNECTIONS("one-way") {
            @Override
            long inject(Proxies proxies, Line line, Random random) {
                return proxies.order(line, "silence", 0);
            }
        },
        /** All connect anew, and what a connection says first comes after what a later one says. */
        OVERTAKING_CONNECTIONS("overtaken") {
            @Override
            long inject(Proxies proxies, Line line, Random random) {
                proxies.order(line, "hold", 500 + random.nextInt(4_000));
                return proxies.order(line, "reset", 0);
            }
        },
        /** Followers get what the leader sends, their answers are lost, and then the connections are: all before anybody elects. */
        LOST_ANSWERS("one-way") {
            @Override
            Line line(Random random) {
                return Line.RAFT;
            }

            @Override
            long inject(Proxies proxies, Line line, Random random) {
                return proxies.order(line, "silence-down", 0);
            }

            @Override
            Duration hold(Random random) {
                return Duration.ofMillis(50 + random.nextInt(300));
            }
        };

        private final String counter;

        Effect(String counter) {
            this.counter = counter;
        }

        Line line(Random random) {
            return random.nextInt(3) > 0 ? Line.CLIENT : Line.RAFT;
        }

        /** From less than an election to long enough for clients to look elsewhere. */
        Duration hold(Random random) {
            return Duration.ofMillis(500 + random.nextInt(6_000));
        }

        /** Returns how many connections were hit; 0 if it has to be tried again. */
        abstract long inject(Proxies proxies, Line line, Random random);

        /** What shows the effect; without a counter, that connections were hit shows it. */
        private long count(Proxies proxies, Line line) {
            return counter.isEmpty() ? 1 : proxies.order(line, counter, 0);
        }
    }

    @Override
    public String name() {
        return effect.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public Optional<Need> needs() {
        return Optional.of(Need.PROXY);
    }

    @Override
    public void inject(Stage stage, Random random) {
        again = random;
        boolean alone = stage.cluster().routers().size() == 1;
        line = alone ? Line.CLIENT : effect.line(random);
        before = effect.counter.isEmpty() ? 0 : effect.count(stage.proxies(), line);
        Waiting.until("connections are in use", Stage.RECOVERY_LIMIT, () -> {
            hit = effect.inject(stage.proxies(), line, random);
            return hit > 0;
        });
        injectedNanos = System.nanoTime();
        System.out.printf("%s: %d of %s%n", name(), hit, line);
    }

    /** Connections that came anew in their old order, by chance, do not change it any more: then all is done again. */
    @Override
    public boolean verify(Stage stage) {
        boolean shown = effect.count(stage.proxies(), line) > before;
        if (!shown && System.nanoTime() - injectedNanos > AGAIN_NANOS) {
            injectedNanos = System.nanoTime();
            effect.inject(stage.proxies(), line, again);
        }
        return shown;
    }

    @Override
    public Duration hold(Random random) {
        return effect.hold(random);
    }

    @Override
    public void heal(Stage stage) {
        stage.proxies().order(line, "mend", 0);
    }
}
