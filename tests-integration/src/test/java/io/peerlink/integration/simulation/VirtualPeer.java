package io.peerlink.integration.simulation;

import io.peerlink.client.AckMode;
import io.peerlink.client.ConnectionEvent;
import io.peerlink.client.ConnectionState;
import io.peerlink.client.CursorStore;
import io.peerlink.client.ErrorCode;
import io.peerlink.client.GroupChange;
import io.peerlink.client.IncomingMessage;
import io.peerlink.client.MessageId;
import io.peerlink.client.OutgoingMessage;
import io.peerlink.client.OverflowPolicy;
import io.peerlink.client.PeerLinkClient;
import io.peerlink.client.SubscribeOptions;
import io.peerlink.client.identity.Identity;
import io.peerlink.client.session.Platform;
import io.peerlink.integration.torture.client.Chronicle;
import io.peerlink.integration.torture.client.Witness;
import io.peerlink.integration.torture.history.Event;
import io.peerlink.integration.torture.history.Kind;
import io.peerlink.integration.torture.history.Names;
import io.peerlink.integration.torture.history.Op;
import io.peerlink.integration.torture.history.Stamp;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One peer, life after life: the real SDK in a process of the model. What it is shown and told goes into the history. */
final class VirtualPeer implements CursorStore {
    private static final long LATE_ACK_NANOS = 300_000_000;

    private final int number;
    private final Identity identity;
    private final World world;
    private final Chronicle chronicle;
    private int life;
    private @Nullable VirtualProcess process;
    private @Nullable Witness witness;
    private @Nullable PeerLinkClient client;
    private @Nullable MessageId lastPresented;
    private long stored;
    private int outstanding;
    private boolean parting;
    private boolean changing;

    /**
     * What a peer lives in.
     *
     * @param servers where routers listen
     * @param history takes events and puts in the time
     */
    record World(
            Scheduler scheduler,
            Network network,
            List<String> servers,
            Consumer<Event> history,
            Habits habits,
            @Nullable Bug bug) {}

    /**
     * How a peer uses its client.
     *
     * @param credit how many unconfirmed messages it takes
     * @param lateAcks whether it confirms later, and in any order
     * @param handlerFails its handler throws once in so many times
     * @param requestMs after so long a request without outcome has failed, milliseconds
     * @param ackMs after so long a silent router is left, milliseconds
     * @param inFlight how many requests may be without outcome
     */
    record Habits(int credit, boolean lateAcks, int handlerFails, int requestMs, int ackMs, int inFlight) {
        static Habits of(Random random) {
            return new Habits(
                    random.nextBoolean() ? 1 + random.nextInt(5) : 200,
                    random.nextInt(3) == 0,
                    random.nextInt(4) == 0 ? 15 : Integer.MAX_VALUE,
                    random.nextInt(4) == 0 ? 1_000 + random.nextInt(3_000) : 30_000,
                    random.nextInt(3) == 0 ? 300 + random.nextInt(1_000) : 2_000,
                    random.nextInt(4) == 0 ? 2 + random.nextInt(10) : 1_000);
        }
    }

    VirtualPeer(int number, Identity identity, World world) {
        this.number = number;
        this.identity = identity;
        this.world = world;
        this.chronicle = new Chronicle(world.history(), number, number);
    }

    int number() {
        return number;
    }

    /** Whether it has a client, attached or not. */
    boolean isHere() {
        return client != null && !parting;
    }

    /** Whether everything it asked for has an outcome. */
    boolean isSettled() {
        return isHere()
                && process != null
                && !process.isPaused()
                && outstanding == 0
                && client().unsettled() == 0
                && client().state() == ConnectionState.ATTACHED;
    }

    /** Begins the next life. */
    void arrive() {
        life++;
        parting = false;
        changing = false;
        outstanding = 0;
        Scheduler scheduler = world.scheduler();
        VirtualProcess fresh = new VirtualProcess(scheduler, Names.peer(number) + "." + life);
        process = fresh;
        Platform platform = new Platform(
                scheduler::nanoTime,
                scheduler.wallClock(0),
                peer -> fresh.sessionThread(),
                address -> world.network().channel(fresh, address),
                () -> scheduler.random().nextDouble());
        Witness thisLife = new Witness(chronicle, Simulation.RUN_ID, life);
        witness = thisLife;
        Habits habits = world.habits();
        PeerLinkClient born = PeerLinkClient.builder()
                .servers(world.servers())
                .identity(identity)
                .requestTimeout(Duration.ofMillis(habits.requestMs()))
                .ackTimeout(Duration.ofMillis(habits.ackMs()))
                .maxInFlight(habits.inFlight())
                .credit(habits.credit())
                .onFull(OverflowPolicy.FAIL)
                .cursorStore(this)
                .callbackExecutor(fresh.promptPool("callback"))
                .connectionListener(event -> onEvent(event, thisLife))
                .errorListener(thisLife)
                .agent("simulation")
                .build(platform);
        client = born;
        born.onReceipt(thisLife::onReceipt);
        AckMode mode = world.habits().lateAcks() ? AckMode.MANUAL : AckMode.AUTO;
        born.subscribe(new SubscribeOptions(mode, false), message -> onMessage(message, fresh, thisLife));
    }

    /** Its process stands still. */
    void pause(long nanos) {
        if (process != null) {
            process.pause(nanos);
        }
    }

    /** Dies without a word. */
    void crash(boolean silently) {
        if (process != null) {
            process.kill();
            world.network().died(process, silently);
            chronicle.write(chronicle.event(Kind.CLIENT_GONE, Op.NONE, life));
            outstanding = 0;
            process = null;
            client = null;
        }
    }

    /** Closes its client, in the middle of whatever it does, and runs {@code then} once that is over. */
    void leave(Runnable then) {
        PeerLinkClient closing = client;
        if (closing != null && !parting) {
            parting = true;
            int leaving = life;
            CompletableFuture<Void> unused = closing.closeAsync().thenRun(() -> {
                if (life == leaving) {
                    then.run();
                }
            });
        }
    }

    private void onEvent(ConnectionEvent event, Witness inLife) {
        inLife.onEvent(event);
        if (event instanceof ConnectionEvent.Refused refused) {
            world.scheduler().trace().complain(Names.peer(number) + " was refused: " + refused);
        }
    }

    private void onMessage(IncomingMessage message, VirtualProcess inProcess, Witness inLife) {
        if (parting || inLife != witness) {
            throw new IllegalStateException("closed meanwhile");
        }
        if (world.scheduler().oneIn(world.habits().handlerFails())) {
            throw new IllegalStateException("the program is not in the mood");
        }
        inLife.presented(message);
        // Presented and remembered in one: a crash comes before or after both.
        stored = Math.max(stored, message.inboxSequence());
        lastPresented = message.id();
        if (world.habits().lateAcks()) {
            inProcess.after(world.scheduler().upTo(LATE_ACK_NANOS), () -> inLife.confirm(message));
        } else {
            inLife.confirm(message);
        }
    }

    @Override
    public long load(String clusterId, String peer) {
        if (world.bug() == Bug.CURSOR_FORGOTTEN) {
            return 0;
        }
        return stored + (world.bug() == Bug.CURSOR_TOO_HIGH ? 2 : 0);
    }

    @Override
    public void save(String clusterId, String peer, long inboxSequence) {
        stored = Math.max(stored, inboxSequence);
    }

    /**
     * Sends to a peer or a group.
     *
     * @param lifeMs how long it may wait for its recipients, milliseconds; 0: longer than any run
     * @param surelyNanos how long it cannot have expired
     */
    void send(int conversation, String to, int bytes, long lifeMs, long surelyNanos) {
        long request = chronicle.nextNumber();
        byte[] body = new Stamp(number, life, request, conversation).body(Simulation.RUN_ID, bytes);
        Event invoked = chronicle
                .event(Kind.INVOKE, Op.SEND, life)
                .in(conversation)
                .number(request)
                .hash(Stamp.hash(body))
                .extra(lifeMs == 0 ? 0 : surelyNanos);
        chronicle.write(invoked);
        OutgoingMessage message = OutgoingMessage.bytes(to, body, "application/x-simulation");
        note(
                invoked.extra(0),
                client().sendAsync(lifeMs == 0 ? message : message.withTtl(Duration.ofMillis(lifeMs))),
                Chronicle::placed);
    }

    private PeerLinkClient client() {
        if (client == null) {
            throw new IllegalStateException(Names.peer(number) + " is away");
        }
        return client;
    }

    private Witness witness() {
        if (witness == null) {
            throw new IllegalStateException(Names.peer(number) + " was never here");
        }
        return witness;
    }

    private <T> void note(Event invoked, CompletableFuture<T> future, Chronicle.Placed<T> place) {
        outstanding++;
        int inLife = life;
        CompletableFuture<T> unused = future.whenComplete(chronicle.<T>outcome(invoked, place))
                .whenComplete((any, failure) -> outstanding -= inLife == life ? 1 : 0);
    }

    private Event invoke(Op op, int conversation, long place) {
        return chronicle.invoke(op, life, conversation, place);
    }

    void create(int group) {
        change(Op.CREATE, group, () -> client().createGroup(Names.group(group)));
    }

    void join(int group) {
        change(Op.JOIN, group, () -> client().joinGroup(Names.group(group)));
    }

    void leaveGroup(int group) {
        change(Op.LEAVE, group, () -> client().leaveGroup(Names.group(group)));
    }

    /** One at a time, as the checker tells from a peer's own requests where it is a member. */
    private void change(Op op, int group, Supplier<CompletableFuture<GroupChange>> request) {
        if (!changing) {
            changing = true;
            int inLife = life;
            Event invoked = invoke(op, Names.inGroup(group), 0);
            note(invoked, request.get().whenComplete((done, failure) -> changing &= inLife != life), (done, ok) -> ok);
        }
    }

    /** Marks the conversation of the last presented message read up to that message. */
    void markRead() {
        MessageId last = lastPresented;
        if (last != null) {
            Event invoked = invoke(Op.READ, Names.conversation(last.conversation()), last.sequence());
            note(invoked, client().markRead(last), (mark, ok) -> ok);
        }
    }

    /** Reads what is stored of a conversation into the history; completes when all of it is there. */
    CompletableFuture<Void> noteStored(int conversation) {
        CompletableFuture<CompletableFuture<Void>> asked = client().history(
                        Names.conversationName(conversation), 0, 1_000)
                .handle((page, failure) -> {
                    if (page != null) {
                        page.messages().forEach(witness()::stored);
                    } else if (Chronicle.codeOf(failure) == ErrorCode.UNAVAILABLE) {
                        // Its connection was broken and it had not noticed yet.
                        return noteStored(conversation);
                    } else if (Chronicle.codeOf(failure) != ErrorCode.UNKNOWN_CONVERSATION) {
                        String what = "no history of " + Names.conversationName(conversation) + ": " + failure;
                        world.scheduler().trace().complain(what);
                    }
                    return CompletableFuture.completedFuture(null);
                });
        return asked.thenCompose(answered -> answered);
    }

    void noteQuiet() {
        witness().quiet();
    }
}
