package io.peerlink.integration.simulation;

import io.peerlink.client.identity.Identity;
import io.peerlink.integration.simulation.Plan.Trouble;
import io.peerlink.integration.torture.check.Checker;
import io.peerlink.integration.torture.check.Verdict;
import io.peerlink.integration.torture.history.Event;
import io.peerlink.integration.torture.history.Kind;
import io.peerlink.integration.torture.history.Names;
import io.peerlink.integration.torture.history.Op;
import io.peerlink.statemachine.StateView.InboxState;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One seed: routers and peers, real but for the log, the network, the clock and the threads, which are models. They live through
 * what the seed has for them; then everything is made whole, everything settles, and the invariants are checked.
 */
final class Simulation {
    /** Stamped into every body. */
    static final long RUN_ID = 7;

    private static final long MILLI = 1_000_000;
    private static final int ACTS_AT_TROUBLE = 3;
    private static final long SETTLE_NANOS = 120_000 * MILLI;
    private static final List<Identity> IDENTITIES = identities();

    private final Plan plan;
    private final Trace trace;
    private final Scheduler scheduler;
    private final Network network;
    private final Cluster cluster;
    private final List<VirtualPeer> peers = new ArrayList<>();
    private final List<Event> history = new ArrayList<>();
    private long lastNoted;
    private boolean healed;

    /** Keys cost a millisecond each. */
    private static List<Identity> identities() {
        List<Identity> made = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            made.add(Identity.generate(Names.peer(i)));
        }
        return List.copyOf(made);
    }

    /** What came of a seed. */
    record Result(Verdict verdict, Trace trace, int entries, long nanos) {
        boolean holds() {
            return verdict.violations().isEmpty() && trace.complaint().isEmpty();
        }

        String why() {
            List<String> reasons = new ArrayList<>();
            trace.complaint().ifPresent(reasons::add);
            verdict.violations()
                    .forEach(found -> reasons.add(
                            found.invariant() + ": " + found.count() + " times, for example " + found.example()));
            return String.join("\n", reasons);
        }
    }

    private Simulation(long seed, Databases databases, Trace trace, @Nullable Bug bug) {
        this.plan = Plan.of(seed, bug);
        this.trace = trace;
        this.scheduler = new Scheduler(seed, trace);
        this.network = new Network(scheduler, plan.weather());
        this.cluster = new Cluster(plan, network, databases, bug);
        Random random = scheduler.random();
        VirtualPeer.World world = new VirtualPeer.World(
                scheduler, network, cluster.addresses(), this::note, VirtualPeer.Habits.of(random), bug);
        for (int i = 0; i < plan.peers(); i++) {
            peers.add(new VirtualPeer(i, IDENTITIES.get(i), world));
        }
    }

    /** Runs a seed, with a bug planted or none. */
    static Result run(long seed, Databases databases, Trace trace, @Nullable Bug bug) {
        RememberedSignatures.use();
        try {
            return new Simulation(seed, databases, trace, bug).run();
        } finally {
            databases.giveBack();
        }
    }

    private void note(Event event) {
        lastNoted = Math.max(lastNoted + 1, scheduler.now());
        history.add(event.at(lastNoted));
        trace.add(scheduler.now(), event.kind().name() + " " + event.op(), event.peer(), event.number());
    }

    private Result run() {
        try {
            plan();
            proceed(plan.nanos());
            heal();
            if (settle()) {
                peers.forEach(VirtualPeer::noteQuiet);
                readHistory();
                noteDigests();
            }
        } catch (RuntimeException | Error e) {
            trace.complain("a task threw " + e + " at "
                    + List.of(e.getStackTrace()).subList(0, Math.min(8, e.getStackTrace().length)));
        }
        return new Result(Checker.check(history), trace, cluster.raft().size(), scheduler.now());
    }

    private void proceed(long until) {
        while (scheduler.step(until)) {
            // The next one.
        }
    }

    /** Puts everything into the calendar that the run is to bring. */
    private void plan() {
        Random random = scheduler.random();
        for (VirtualPeer peer : peers) {
            scheduler.after(scheduler.upTo(400 * MILLI), peer::arrive);
        }
        for (int group = 0; group < plan.groups(); group++) {
            int created = group;
            scheduler.after(420 * MILLI, () -> peers.get(created % peers.size()).create(created));
            for (VirtualPeer peer : peers) {
                if (random.nextInt(4) > 0) {
                    scheduler.after(
                            450 * MILLI + scheduler.upTo(800 * MILLI), () -> act(peer, () -> peer.join(created)));
                }
            }
        }
        for (int i = 0; i < plan.acts(); i++) {
            scheduler.after(anytime(), this::act);
        }
        List<Trouble> troubles = List.copyOf(plan.troubles());
        for (int i = 0; i < plan.troubleCount(); i++) {
            Trouble trouble = troubles.get(random.nextInt(troubles.size()));
            long when = anytime();
            scheduler.after(when, () -> happen(trouble));
            // So that there is something under way to do harm to.
            for (int j = 0; j < ACTS_AT_TROUBLE; j++) {
                scheduler.after(when - scheduler.upTo(20 * MILLI), this::act);
            }
        }
    }

    private long anytime() {
        return 500 * MILLI
                + (long) ((plan.nanos() - 500 * MILLI) * scheduler.random().nextDouble());
    }

    private void act(VirtualPeer peer, Runnable what) {
        if (peer.isHere()) {
            what.run();
        }
    }

    private void act() {
        Random random = scheduler.random();
        VirtualPeer peer = peers.get(random.nextInt(peers.size()));
        int choice = random.nextInt(100);
        int group = plan.groups() == 0 ? -1 : random.nextInt(plan.groups());
        act(peer, () -> {
            if (choice < 50 || (group < 0 && choice < 80)) {
                int to = random.nextInt(peers.size());
                send(peer, Names.direct(peer.number(), to), Names.peer(to));
            } else if (choice < 80) {
                send(peer, Names.inGroup(group), Names.group(group));
            } else if (choice < 92 || group < 0) {
                peer.markRead();
            } else if (choice < 96) {
                peer.join(group);
            } else if (choice < 99) {
                peer.leaveGroup(group);
            } else {
                peer.create(group);
            }
        });
    }

    /** One message, or several at once. */
    private void send(VirtualPeer peer, int conversation, String to) {
        Random random = scheduler.random();
        int count = random.nextInt(3) > 0 ? 1 : 1 + random.nextInt(8);
        for (int i = 0; i < count; i++) {
            long lifeMs = random.nextInt(20) == 0 ? 1_000 + random.nextInt(1_500) : 0;
            long surely = (lifeMs - Cluster.CLOCKS_APART_MS) * MILLI;
            peer.send(conversation, to, 40 + random.nextInt(60), lifeMs, surely);
        }
    }

    private void happen(Trouble trouble) {
        if (healed) {
            return;
        }
        trace.add(scheduler.now(), trouble.name(), 0, 0);
        switch (trouble) {
            case LEADER_CHANGE -> cluster.changeLeader();
            case ROUTER_RESTART -> cluster.restartOne();
            case ROUTER_STOP -> cluster.stopOne();
            case ROUTER_PAUSE -> cluster.pauseOne();
            case CHECKPOINT -> cluster.checkpointOne();
            case NO_MAJORITY -> cluster.stall();
            case RESET -> network.reset(1 + scheduler.random().nextInt(3));
            case SILENCE -> network.silence(1 + scheduler.random().nextInt(3), scheduler.upTo(5_000 * MILLI));
            case CLIENT_CRASH -> {
                VirtualPeer peer = anyPeer();
                peer.crash(scheduler.oneIn(2));
                scheduler.after(scheduler.upTo(2_000 * MILLI), () -> arrive(peer));
            }
            case CLIENT_LEAVE -> {
                VirtualPeer peer = anyPeer();
                peer.leave(() -> scheduler.after(scheduler.upTo(2_000 * MILLI), () -> arrive(peer)));
            }
            case CLIENT_PAUSE -> anyPeer().pause(scheduler.upTo(5_000 * MILLI));
        }
    }

    private VirtualPeer anyPeer() {
        return peers.get(scheduler.random().nextInt(peers.size()));
    }

    private void arrive(VirtualPeer peer) {
        if (!peer.isHere()) {
            peer.arrive();
        }
    }

    /** No new trouble; what is broken gets whole by itself, and who is away comes back. */
    private void heal() {
        healed = true;
    }

    private boolean settle() {
        long limit = scheduler.now() + SETTLE_NANOS;
        int calm = 0;
        while (scheduler.now() < limit) {
            proceed(scheduler.now() + 40 * MILLI);
            calm = isQuiet() ? calm + 1 : 0;
            if (calm == 3) {
                return true;
            }
        }
        trace.complain("not settled after " + SETTLE_NANOS / MILLI + " ms: " + describe());
        return false;
    }

    private boolean isQuiet() {
        return peers.stream().allMatch(VirtualPeer::isSettled)
                && isAgreed()
                && cluster.serving().map(this::isAllConfirmed).orElse(false);
    }

    private boolean isAgreed() {
        return cluster.raft().isQuiet()
                && cluster.replicas().stream()
                        .allMatch(replica ->
                                replica.appliedEntries() == cluster.raft().size());
    }

    private boolean isAllConfirmed(Replica leader) {
        return peers.stream()
                .allMatch(peer -> leader.machine()
                        .view()
                        .inboxState(Names.peer(peer.number()))
                        .filter(inbox -> inbox.cursor() == inbox.head())
                        .isPresent());
    }

    private String describe() {
        StringBuilder text = new StringBuilder("replicas at ");
        cluster.replicas()
                .forEach(replica -> text.append(replica.appliedEntries()).append(' '));
        text.append("of ").append(cluster.raft().size());
        cluster.serving().ifPresent(leader -> {
            for (VirtualPeer peer : peers) {
                InboxState inbox = leader.machine()
                        .view()
                        .inboxState(Names.peer(peer.number()))
                        .orElse(new InboxState(-1, -1, 0));
                text.append("; ")
                        .append(Names.peer(peer.number()))
                        .append(" confirmed ")
                        .append(inbox.cursor());
                text.append(" of ").append(inbox.head()).append(peer.isSettled() ? "" : ", unsettled");
            }
        });
        return text.toString();
    }

    /** Every direct conversation is read by one of its two, every group by who is in it. */
    private void readHistory() {
        List<CompletableFuture<Void>> questions = new ArrayList<>();
        for (VirtualPeer peer : peers) {
            for (int other = peer.number(); other < peers.size(); other++) {
                questions.add(peer.noteStored(Names.direct(peer.number(), other)));
            }
        }
        long limit = scheduler.now() + SETTLE_NANOS;
        while (!questions.stream().allMatch(CompletableFuture::isDone) && scheduler.now() < limit) {
            proceed(scheduler.now() + 10 * MILLI);
        }
        if (!questions.stream().allMatch(CompletableFuture::isDone)) {
            trace.complain("questions are not answered");
        }
    }

    private void noteDigests() {
        long limit = scheduler.now() + SETTLE_NANOS;
        while (!isAgreed() && scheduler.now() < limit) {
            proceed(scheduler.now() + 10 * MILLI);
        }
        for (Replica replica : cluster.replicas()) {
            var digest = replica.machine().view().digest();
            note(Event.of(Kind.DIGEST, Op.NONE, -1, 0, 0)
                    .other(replica.number())
                    .number(digest.position().index())
                    .hash(digest.sha256().asReadOnlyByteBuffer().getLong()));
        }
    }
}
