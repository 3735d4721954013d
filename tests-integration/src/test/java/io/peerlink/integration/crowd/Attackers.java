package io.peerlink.integration.crowd;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.peerlink.client.identity.Identity;
import io.peerlink.integration.cluster.Frames;
import io.peerlink.protocol.v1.Attached;
import io.peerlink.protocol.v1.ErrorCode;
import io.peerlink.protocol.v1.Request;
import io.peerlink.protocol.v1.Send;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * A process of peers that are a burden. Makes what the attack needs, says {@code ready}, and goes on until its input ends or it is
 * terminated; then prints one JSON object with what was asked and answered since.
 */
@Command(name = "crowd-attackers")
public final class Attackers implements Callable<Integer> {
    static final String READY = "ready";

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int ERRANDS_AT_ONCE = 20;
    private static final String GROUP = "attacked-group";
    private static final int MEMBERS = 1_000;
    private static final int MEMBERS_THERE = 10;
    private static final int CREDIT = 1_000_000;
    private static final int INBOX_ROWS = 2_000;
    private static final int ATTACHING_AT_ONCE = 10;

    @Option(names = "--attack", required = true)
    private Attack attack = Attack.BODIES;

    @Option(names = "--attackers", required = true)
    private int attackers;

    @Option(names = "--address", required = true, description = "of the leader")
    private String address = "";

    @Option(names = "--ca", description = "whose certificates it shows")
    private @Nullable Path authority;

    private final Tally tally = new Tally();
    /** Kept, as gRPC complains of those that are collected. */
    private final Queue<ManagedChannel> channels = new ConcurrentLinkedQueue<>();

    private final ExecutorService errands = Executors.newFixedThreadPool(ERRANDS_AT_ONCE);

    public static void main(String[] arguments) {
        System.exit(Crowd.commandLine(new Attackers()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        List<Identity> all = new ArrayList<>();
        for (int i = 0; i < attackers; i++) {
            all.add(Identity.generate("attacker-" + i));
        }
        start(all);
        tally.reset();
        long begin = System.nanoTime();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> report(System.nanoTime() - begin), "report"));
        System.out.println(READY);
        byte[] unused = System.in.readAllBytes();
        return 0;
    }

    private void report(long nanos) {
        JsonObject json = tally.toJson();
        json.addProperty("seconds", TimeUnit.NANOSECONDS.toMillis(nanos) / 1e3);
        System.out.println(new Gson().toJson(json));
        System.out.flush();
        // Sessions of a process that ends are the routers' business.
        Runtime.getRuntime().halt(0);
    }

    private void start(List<Identity> all) {
        switch (attack) {
            case BODIES -> flood(all, any -> Pattern::bodies);
            case NAMES -> flood(all, any -> Pattern::names);
            case PINGS -> flood(all, any -> Pattern::pings);
            case GROUPS -> flood(all, who -> attached -> Pattern.groups(who.name()));
            case SESSIONS -> all.forEach(who -> attach(() -> who));
            case REGISTRATIONS -> {
                AtomicLong number = new AtomicLong();
                all.forEach(any -> attach(() -> Identity.generate("new-" + number.incrementAndGet())));
            }
            case FAN_OUT -> {
                gather(all);
                flood(all, any -> attached -> Pattern.sends(GROUP));
            }
            case FULL_INBOX -> {
                Identity away = Identity.generate("away");
                Errand.run(channel(), away, Errand.Plan.of(Frames.send(away.name(), "x")))
                        .complete();
                flood(all, any -> attached -> Pattern.sends(away.name()));
                await(ErrorCode.INBOX_FULL);
            }
            case QUERIES -> {
                each(all, who -> fill(who, large(who)));
                all.forEach(who -> new QueryFlood(channel(), who, tally).start());
            }
            case MARKS -> {
                Errand.run(channel(), Identity.generate("owner"), Errand.Plan.of(Frames.createGroup(GROUP)))
                        .complete();
                each(all, who -> fill(who, List.of()));
                flood(all, who -> attached -> Pattern.marks(who.name(), GROUP));
            }
        }
    }

    private ManagedChannel channel() {
        ManagedChannel channel = new Route(address, Optional.ofNullable(authority))
                .channelFromElsewhere()
                .build();
        channels.add(channel);
        return channel;
    }

    private void flood(List<Identity> all, Function<Identity, Function<Attached, Pattern>> patterns) {
        all.forEach(who -> new Flood(channel(), who, patterns.apply(who), tally).start());
    }

    private void attach(Supplier<Identity> identities) {
        ManagedChannel channel = channel();
        for (int i = 0; i < ATTACHING_AT_ONCE; i++) {
            new AttachFlood(channel, identities, tally).start();
        }
    }

    /** A group with the attackers in it, whose members are away but for a few that read all they are sent. */
    private void gather(List<Identity> all) {
        ManagedChannel channel = channel();
        Errand.run(channel, Identity.generate("owner"), Errand.Plan.of(Frames.createGroup(GROUP)))
                .complete();
        Errand.Plan join = Errand.Plan.of(Frames.joinGroup(GROUP));
        List<Identity> members = new ArrayList<>(all);
        for (int i = 0; i < MEMBERS - MEMBERS_THERE; i++) {
            members.add(Identity.generate("member-" + i));
        }
        each(members, who -> Errand.run(channel, who, join).complete());
        for (int i = 0; i < MEMBERS_THERE; i++) {
            Errand.run(channel, Identity.generate("there-" + i), join).send(Frames.subscribe(CREDIT));
        }
    }

    /** Messages to itself that it does not confirm: {@value #INBOX_ROWS} rows in its inbox, as each has an entry of its own, and more. */
    private void fill(Identity who, List<List<Request>> more) {
        List<List<Request>> frames =
                new ArrayList<>(Collections.nCopies(INBOX_ROWS, List.of(Frames.send(who.name(), "x"))));
        frames.addAll(more);
        Errand.run(channel(), who, new Errand.Plan(frames, true)).complete();
    }

    /** A page of history's worth. */
    private static List<List<Request>> large(Identity who) {
        Request request = Request.newBuilder()
                .setSend(Send.newBuilder().setTo(who.name()).addBodies(ByteString.copyFrom(new byte[1_000])))
                .build();
        return List.of(Collections.nCopies(Pattern.REQUESTS, request));
    }

    private void each(List<Identity> all, Consumer<Identity> errand) {
        all.stream()
                .map(who -> CompletableFuture.runAsync(() -> errand.accept(who), errands))
                .toList()
                .forEach(CompletableFuture::join);
    }

    private void await(ErrorCode code) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!tally.has(code.name())) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("no " + code + " in " + PATIENCE);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }
}
