package io.peerlink.integration.torture.client;

import io.peerlink.client.PeerLinkException;
import java.time.Duration;
import java.util.Iterator;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * What one player does all run long: a seeded mix of everything, on a thread of its own. Each player stays in its home group
 * from the start to the end; it joins and leaves others.
 */
final class Performance implements Runnable {
    private static final int ABSENCE_MS_MAX = 1_000;
    private static final int FLEET_MS = 20;

    private final Player player;
    private final ClientSettings settings;
    private final Random random;
    private final AtomicBoolean storm = new AtomicBoolean();
    private final Thread thread;
    private volatile boolean stopping;

    Performance(Player player, ClientSettings settings, int life) {
        this.player = player;
        this.settings = settings;
        this.random = new Random(settings.seed() * 1_000_003 + player.number() * 101L + life);
        this.thread = new Thread(this, "player-" + player.number());
    }

    /** The group that it founds or joins first. */
    private int home() {
        return player.number() % settings.cast().groups();
    }

    /** Attaches, and makes sure that the home group exists and has it. */
    void enter(boolean reborn) {
        player.arrive();
        if (reborn) {
            player.recallGroups();
        }
        if (!player.groups().contains(home())) {
            player.create(home());
        }
        if (!player.groups().contains(home())) {
            player.join(home());
        }
    }

    void start() {
        thread.start();
    }

    /** The connection is to be thrown away and made anew, at once. */
    void reconnect() {
        storm.set(true);
    }

    /** Whether it has obeyed {@link #reconnect}. */
    boolean isReconnected() {
        return !storm.get() || !thread.isAlive();
    }

    void stop() throws InterruptedException {
        stopping = true;
        thread.join();
    }

    Player player() {
        return player;
    }

    @Override
    public void run() {
        while (!stopping) {
            try {
                if (storm.get()) {
                    absent(false, Duration.ZERO);
                    storm.set(false);
                } else {
                    act(random.nextInt(1_000));
                }
            } catch (PeerLinkException e) {
                // No leader for a minute: the run will notice by itself. Try on until told to stop.
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(FLEET_MS));
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(settings.paceMs()));
        }
    }

    private void act(int choice) {
        if (choice < 550) {
            player.sendTo(random.nextInt(settings.cast().peers()));
        } else if (choice < 800) {
            sendToSomeGroup();
        } else if (choice < 830) {
            player.join(otherGroup());
        } else if (choice < 850) {
            player.leave(otherGroup());
        } else if (choice < 855) {
            player.create(random.nextInt(settings.cast().groups()));
        } else if (choice < 985) {
            player.markRead();
        } else {
            absent(random.nextBoolean(), Duration.ofMillis(random.nextInt(ABSENCE_MS_MAX)));
        }
    }

    /** Mostly one of its own; sometimes any, which is refused if it is not in it. */
    private void sendToSomeGroup() {
        int group = random.nextInt(settings.cast().groups());
        if (random.nextInt(10) > 0) {
            Iterator<Integer> own = player.groups().iterator();
            for (int skip = random.nextInt(Math.max(1, player.groups().size())); own.hasNext(); skip--) {
                group = own.next();
                if (skip == 0) {
                    break;
                }
            }
        }
        player.sendToGroup(group);
    }

    /** With a single group there is no other: then the home group, which is refused or left alone. */
    private int otherGroup() {
        int groups = settings.cast().groups();
        return groups == 1 ? home() : (home() + 1 + random.nextInt(groups - 1)) % groups;
    }

    private void absent(boolean settled, Duration time) {
        player.depart(settled);
        LockSupport.parkNanos(time.toNanos());
        player.arrive();
    }
}
