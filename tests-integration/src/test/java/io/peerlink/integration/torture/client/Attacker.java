package io.peerlink.integration.torture.client;

import io.peerlink.client.OutgoingMessage;
import io.peerlink.client.PeerLinkClient;
import io.peerlink.client.PeerLinkException;
import io.peerlink.client.identity.Identity;
import io.peerlink.integration.torture.history.Event;
import io.peerlink.integration.torture.history.Names;
import io.peerlink.integration.torture.history.Op;
import io.peerlink.integration.torture.history.Stamp;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Tries what must be refused, all run long: to be somebody else, to write to a group it is not in, to read what others
 * wrote. Every attempt is on record; one that succeeds is a violation.
 */
final class Attacker implements Runnable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long PAUSE_MS = 150;
    private static final int KINDS = 5;

    private final ClientSettings settings;
    private final Chronicle chronicle;
    private final Random random;
    private final Thread thread = new Thread(this, "attacker");
    private volatile boolean stopping;

    Attacker(ClientSettings settings, Chronicle chronicle) {
        this.settings = settings;
        this.chronicle = chronicle;
        this.random = new Random(settings.seed() ^ 0x6d616c6cL);
    }

    void start() {
        thread.start();
    }

    void stop() throws InterruptedException {
        stopping = true;
        thread.join();
    }

    @Override
    public void run() {
        Identity own = Identity.loadOrCreate(settings.directory(), Names.peer(Names.ATTACKER));
        try (PeerLinkClient mallory = PeerLinkClient.builder()
                .servers(settings.servers())
                .identity(own)
                .requestTimeout(PATIENCE)
                .connectionListener(event -> {})
                .build()) {
            // By turns, so that a short run has every kind.
            for (int turn = 0; !stopping; turn++) {
                attack(mallory, turn % KINDS);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_MS));
            }
        }
    }

    private void attack(PeerLinkClient mallory, int kind) {
        int group = random.nextInt(settings.cast().groups());
        int victim = random.nextInt(settings.cast().peers());
        switch (kind) {
            case 0 -> impersonate(victim, true);
            case 1 -> impersonate(victim, false);
            case 2 -> {
                Event invoked = invoke(kind, Names.inGroup(group));
                byte[] body = new Stamp(Names.ATTACKER, 1, invoked.number(), Names.inGroup(group))
                        .body(settings.runId(), Stamp.BYTES_MIN);
                chronicle.settle(
                        invoked,
                        mallory.sendAsync(OutgoingMessage.bytes(Names.group(group), body, "application/x-torture")));
            }
            case 3 -> chronicle.settle(invoke(kind, Names.inGroup(group)), mallory.leaveGroup(Names.group(group)));
            default -> {
                int conversation =
                        Names.direct(victim, (victim + 1) % settings.cast().peers());
                chronicle.settle(
                        invoke(kind, conversation), mallory.history(Names.conversationName(conversation), 0, 10));
            }
        }
    }

    /** Another key under a name that is taken. */
    private void impersonate(int victim, boolean register) {
        CompletableFuture<Boolean> attempt = new CompletableFuture<>();
        Event invoked = invoke(register ? 0 : 1, Names.direct(victim, victim));
        try (PeerLinkClient thief = PeerLinkClient.builder()
                .servers(settings.servers())
                .identity(Identity.generate(Names.peer(victim)))
                .registerIfUnknown(register)
                .connectionListener(event -> {})
                .build()) {
            thief.awaitAttached(PATIENCE);
            attempt.complete(true);
        } catch (PeerLinkException e) {
            attempt.completeExceptionally(e);
        }
        chronicle.settle(invoked, attempt);
    }

    private Event invoke(int kind, int conversation) {
        return chronicle.invoke(Op.ATTACK, 1, conversation, kind);
    }
}
