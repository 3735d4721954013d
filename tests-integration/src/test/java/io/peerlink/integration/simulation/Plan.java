package io.peerlink.integration.simulation;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a seed stands for. Every seed leaves some kinds of trouble out: a fault that happens all the time hides what happens only
 * without it (swarm testing).
 *
 * @param routers how many routers
 * @param peers how many peers
 * @param groups how many groups
 * @param acts how many things the peers do
 * @param nanos how long they do them
 * @param troubles which kinds of trouble there are
 * @param troubleCount how often there is some
 * @param sessionsKept how long routers remember an idle session
 * @param weather what the network is like
 */
record Plan(
        int routers,
        int peers,
        int groups,
        int acts,
        long nanos,
        Set<Trouble> troubles,
        int troubleCount,
        Duration sessionsKept,
        Network.Weather weather) {
    private static final long MILLI = 1_000_000;

    /** What may go wrong. */
    enum Trouble {
        LEADER_CHANGE,
        ROUTER_RESTART,
        ROUTER_STOP,
        ROUTER_PAUSE,
        CHECKPOINT,
        NO_MAJORITY,
        RESET,
        SILENCE,
        CLIENT_CRASH,
        CLIENT_LEAVE,
        CLIENT_PAUSE
    }

    static Plan of(long seed, @Nullable Bug bug) {
        Random random = new Random(seed);
        Set<Trouble> troubles = EnumSet.noneOf(Trouble.class);
        for (Trouble trouble : Trouble.values()) {
            // Opening the state of a checkpoint costs as much as a run.
            int oneIn = trouble == Trouble.CHECKPOINT ? 12 : 2;
            if (random.nextInt(oneIn) == 0) {
                troubles.add(trouble);
            }
        }
        if (bug != null && !bug.needs().isEmpty()) {
            troubles.retainAll(bug.needs());
            troubles.addAll(bug.needs());
        }
        int size = random.nextInt(20);
        int routers = bug != null ? 3 : size < 2 ? 1 : size < 7 ? 2 : 3;
        int peers = 2 + random.nextInt(4);
        long nanos = (1_500 + random.nextInt(4_500)) * MILLI;
        return new Plan(
                routers,
                peers,
                random.nextInt(3),
                20 + random.nextInt(50),
                nanos,
                troubles,
                troubles.isEmpty() ? 0 : 1 + random.nextInt(14),
                Duration.ofSeconds(random.nextInt(4) == 0 ? 1 + random.nextInt(4) : 1_000_000),
                new Network.Weather(
                        (1 + random.nextInt(5)) * MILLI / 2,
                        (1 + random.nextInt(400)) * MILLI,
                        1 + random.nextInt(random.nextBoolean() ? 3 : 40),
                        bug));
    }
}
