package io.peerlink.integration.simulation;

import io.peerlink.integration.simulation.RaftModel.Entry;
import io.peerlink.server.config.ConfigLoader;
import io.peerlink.server.config.ServerConfig;
import io.peerlink.server.config.ServerConfig.HostPort;
import io.peerlink.server.config.ServerConfig.RouterAddress;
import io.peerlink.statemachine.LogPosition;
import io.peerlink.statemachine.StateMachine;
import io.peerlink.statemachine.snapshot.Checkpoint;
import io.peerlink.statemachine.store.ColumnFamily;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** The routers of a run, and what happens to them. */
final class Cluster {
    static final String ID = "simulation";
    /** The routers' clocks differ by less than this. */
    static final int CLOCKS_APART_MS = 200;

    private static final long MILLI = 1_000_000;
    private static final int PORT = 7400;
    /** As long as the edge lets calls end before it cuts them. */
    private static final long STOP_NANOS = 2_000 * MILLI;

    private final Scheduler scheduler;
    private final Network network;
    private final Databases databases;
    private final RaftModel raft;
    private final @Nullable Bug bug;
    private final List<Seat> seats = new ArrayList<>();

    /** A router's place in the cluster. */
    private static final class Seat {
        private final ServerConfig config;
        private final Replica replica;
        private final long clockAheadMs;
        private @Nullable Saved saved;
        private VirtualRouter router;

        private Seat(ServerConfig config, Replica replica, Network network, long clockAheadMs) {
            this.config = config;
            this.replica = replica;
            this.clockAheadMs = clockAheadMs;
            this.router = new VirtualRouter(config, replica, network, clockAheadMs);
        }
    }

    /** A checkpoint, and how many entries it holds. */
    private record Saved(Checkpoint checkpoint, int entries) {}

    Cluster(Plan plan, Network network, Databases databases, @Nullable Bug bug) {
        this.scheduler = network.scheduler();
        this.network = network;
        this.databases = databases;
        this.bug = bug;
        this.raft = new RaftModel(scheduler, bug);
        Random random = scheduler.random();
        raft.setCommitNanos((1 + random.nextInt(random.nextInt(3) == 0 ? 100 : 10)) * MILLI / 2);
        List<RouterAddress> addresses = new ArrayList<>();
        for (int i = 1; i <= plan.routers(); i++) {
            addresses.add(
                    new RouterAddress("n" + i, new HostPort("n" + i, PORT + i), new HostPort("n" + i, PORT + 10 + i)));
        }
        ServerConfig.Raft settings = raftSettings(random);
        ServerConfig.Limits limits = limits(random);
        ServerConfig.Connections connections =
                ConfigLoader.load(Optional.empty(), Map.of()).connections();
        Duration tick = Duration.ofMillis(1_000 + random.nextInt(4_000));
        for (int i = 1; i <= plan.routers(); i++) {
            ServerConfig config = new ServerConfig(
                    "n" + i,
                    ID,
                    Path.of("."),
                    0,
                    addresses,
                    "",
                    new ServerConfig.Http("", 0),
                    settings,
                    limits,
                    connections,
                    new ServerConfig.Access(ServerConfig.Registration.OPEN, List.of(), Optional.empty(), 1),
                    new ServerConfig.Retention(Duration.ofDays(7), plan.sessionsKept()),
                    tick,
                    Optional.empty(),
                    false);
            Replica replica = new Replica(
                    raft,
                    i,
                    config.self().client().toString(),
                    new VirtualProcess(scheduler, "n" + i),
                    databases.empty());
            raft.add(replica);
            seats.add(new Seat(config, replica, network, random.nextInt(CLOCKS_APART_MS)));
        }
        electSoon();
    }

    private static ServerConfig.Limits limits(Random random) {
        return new ServerConfig.Limits(
                4_096,
                random.nextBoolean() ? 8 : 1_000,
                Duration.ofDays(30),
                100,
                100,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                Duration.ofSeconds(2 + random.nextInt(4)));
    }

    private static ServerConfig.Raft raftSettings(Random random) {
        return new ServerConfig.Raft(
                Duration.ofMillis(500),
                Duration.ofMillis(1_000),
                1 + random.nextInt(4),
                random.nextBoolean() ? 1_000 : 256 * 1024,
                random.nextBoolean() ? 1 + random.nextInt(4) : 2_000,
                random.nextBoolean() ? 3_000 : 64L << 20,
                20_000,
                256L << 20,
                20_000,
                2);
    }

    /** Where clients find them. */
    List<String> addresses() {
        return seats.stream().map(seat -> seat.replica.address()).toList();
    }

    RaftModel raft() {
        return raft;
    }

    List<Replica> replicas() {
        return seats.stream().map(seat -> seat.replica).toList();
    }

    /** The leader, if it serves. */
    Optional<Replica> serving() {
        return Optional.ofNullable(raft.leader())
                .filter(leader ->
                        leader.servingTerm().isPresent() && !leader.process().isDead());
    }

    private List<Seat> up() {
        return seats.stream().filter(seat -> !seat.replica.process().isDead()).toList();
    }

    private void electSoon() {
        scheduler.after((50 + scheduler.random().nextInt(1_500)) * MILLI, () -> {
            if (raft.leader() == null) {
                if (2 * up().size() > seats.size()) {
                    elect(any(up()).replica);
                } else {
                    electSoon();
                }
            }
        });
    }

    private Seat any(List<Seat> some) {
        return some.get(scheduler.random().nextInt(some.size()));
    }

    /** Somebody else leads, or the same router in a later term. */
    void changeLeader() {
        if (2 * up().size() > seats.size()) {
            // Without a majority's word, as in the bug, even the one that has least may win.
            elect(
                    bug == Bug.ACKNOWLEDGED_BEFORE_MAJORITY
                            ? Collections.min(replicas(), Comparator.comparingInt(Replica::appliedEntries))
                            : any(up()).replica);
        }
    }

    private void elect(Replica elected) {
        if (bug == Bug.ACKNOWLEDGED_BEFORE_MAJORITY) {
            int kept = elected.appliedEntries();
            raft.forgetBehind(kept);
            seats.stream().filter(seat -> seat.replica.appliedEntries() > kept).forEach(this::startFromNothing);
        }
        raft.elect(elected);
    }

    /** For the bug: what this router has applied, the log has lost. */
    private void startFromNothing(Seat seat) {
        seat.replica.process().kill();
        network.died(seat.replica.process(), false);
        start(seat, databases.empty(), 0);
    }

    /** One router is stopped in good order and comes back, if all are up: it hands over what it leads and sends its clients there. */
    void stopOne() {
        Seat seat = any(seats);
        if (up().size() < seats.size() || seats.size() < 3) {
            return;
        }
        if (raft.leader() == seat.replica) {
            elect(any(seats.stream().filter(other -> other != seat).toList()).replica);
        }
        VirtualProcess process = seat.replica.process();
        process.after(scheduler.upTo(100 * MILLI), seat.router::stop);
        scheduler.after(STOP_NANOS, () -> {
            if (seat.replica.process() == process && !process.isDead()) {
                down(seat, false);
            }
        });
    }

    /** One router dies and comes back, if all are up. */
    void restartOne() {
        if (up().size() < seats.size()) {
            return;
        }
        down(any(seats), scheduler.oneIn(4));
    }

    private void down(Seat seat, boolean silently) {
        long away = (20 + scheduler.random().nextInt(2_000)) * MILLI;
        seat.replica.process().kill();
        network.died(seat.replica.process(), silently);
        if (2 * up().size() <= seats.size()) {
            raft.stall(away);
        }
        if (raft.leader() == seat.replica) {
            raft.deposeIfLeader(seat.replica);
            electSoon();
        }
        scheduler.after(away, () -> bringBack(seat));
    }

    private void bringBack(Seat seat) {
        Saved saved = seat.saved;
        if (saved == null) {
            start(seat, databases.again(seat.replica.machine()), seat.replica.appliedEntries());
        } else {
            StateMachine machine = bug == Bug.CHECKPOINT_WITHOUT_OUTCOMES
                    ? databases.restoreWithout(saved.checkpoint(), ColumnFamily.OUTCOMES)
                    : databases.restore(saved.checkpoint());
            start(seat, machine, saved.entries());
        }
    }

    private void start(Seat seat, StateMachine machine, int entries) {
        VirtualProcess process =
                new VirtualProcess(scheduler, seat.replica.process().name());
        seat.replica.restart(process, machine, entries);
        seat.router = new VirtualRouter(seat.config, seat.replica, network, seat.clockAheadMs);
        scheduler.trace().add(scheduler.now(), "started", seat.replica.number(), entries);
    }

    /** One router makes a checkpoint, from which it will start again. */
    void checkpointOne() {
        Seat seat = any(seats);
        int entries = seat.replica.appliedEntries();
        if (!seat.replica.process().isDead()
                && entries > 0
                && !seat.replica.machine().view().applied().equals(LogPosition.NONE)) {
            Entry last = raft.at(entries - 1);
            LogPosition position = new LogPosition(last.term(), last.index());
            seat.saved = new Saved(databases.checkpoint(seat.replica.machine(), position), entries);
        }
    }

    /** One router stands still; if it leads, another one may be elected meanwhile. */
    void pauseOne() {
        Seat seat = any(seats);
        long nanos = scheduler.upTo(4_000 * MILLI);
        seat.replica.process().pause(nanos);
        if (raft.leader() == seat.replica && scheduler.oneIn(2)) {
            scheduler.after(nanos / 2, this::changeLeader);
        }
    }

    /** Nothing gets a majority for a time. */
    void stall() {
        raft.stall(scheduler.upTo(3_000 * MILLI));
    }
}
