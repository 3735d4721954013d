package io.peerlink.integration.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.peerlink.cli.local.LocalRouter;
import io.peerlink.client.IncomingMessage;
import io.peerlink.client.OutgoingMessage;
import io.peerlink.client.PeerLinkClient;
import io.peerlink.client.Receipt;
import io.peerlink.client.SendReceipt;
import io.peerlink.client.identity.Identity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Many messages: they all arrive, and those that wait cost a router no memory. */
final class BulkIT {
    private static final int MANY = 100_000;
    private static final int WAITING_FIRST = 10_000;
    private static final int WAITING = 50_000;
    private static final int BODY_BYTES = 100;
    private static final long GROWTH_MAX_BYTES = 100L << 20;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @RegisterExtension
    static final TestCluster CLUSTER = TestCluster.ofThree();

    private static PeerLinkClient attach(Identity identity) {
        return PeerLinkClient.builder()
                .servers(CLUSTER.servers())
                .identity(identity)
                .connectTimeout(PATIENCE)
                .connectionListener(event -> {})
                .build()
                .connect();
    }

    private static List<CompletableFuture<SendReceipt>> sendNumbered(
            PeerLinkClient sender, String to, int from, int upTo) {
        List<CompletableFuture<SendReceipt>> sends = new ArrayList<>(upTo - from);
        for (int number = from; number < upTo; number++) {
            String text = String.format("%0" + BODY_BYTES + "d", number);
            sends.add(sender.sendAsync(OutgoingMessage.text(to, text)));
        }
        CompletableFuture.allOf(sends.toArray(new CompletableFuture<?>[0])).join();
        return sends;
    }

    /** Numbers as they were presented; thread-safe. */
    private static final class Numbers {
        private final List<Integer> seen = new ArrayList<>();

        synchronized void add(IncomingMessage message) {
            seen.add(Integer.parseInt(message.text()));
        }

        synchronized int count() {
            return seen.size();
        }

        synchronized void assertRun(int length) {
            assertThat(seen).hasSize(length);
            for (int number = 0; number < length; number++) {
                assertThat(seen.get(number)).isEqualTo(number);
            }
        }
    }

    /** Which message sequences are DELIVERED; thread-safe. */
    private static final class Delivered {
        private final BitSet sequences = new BitSet();

        synchronized void add(Receipt receipt) {
            if (receipt.kind() == Receipt.Kind.DELIVERED) {
                sequences.set((int) receipt.fromSequence(), (int) receipt.upToSequence() + 1);
            }
        }

        synchronized int count() {
            return sequences.cardinality();
        }

        synchronized boolean hasAll(List<CompletableFuture<SendReceipt>> sends) {
            return sends.stream()
                    .allMatch(sent -> sequences.get((int) sent.join().id().sequence()));
        }
    }

    @Test
    void aHundredThousandMessagesOnOneConnectionCompleteWithReceipts() {
        Numbers numbers = new Numbers();
        Delivered delivered = new Delivered();
        try (PeerLinkClient sender = attach(Identity.generate("many-sender"));
                PeerLinkClient receiver = attach(Identity.generate("many-receiver"))) {
            receiver.subscribe(numbers::add);
            sender.onReceipt(delivered::add);
            sender.subscribe(message -> {});
            long start = System.nanoTime();
            List<CompletableFuture<SendReceipt>> sends = sendNumbered(sender, "many-receiver", 0, MANY);
            double sent = (System.nanoTime() - start) / 1e9;
            await().atMost(PATIENCE).until(() -> delivered.count() >= MANY);
            double complete = (System.nanoTime() - start) / 1e9;
            System.out.printf(
                    "bulk: %d messages of %d bytes: all SENT after %.1f s (%.0f/s), all DELIVERED after %.1f s (%.0f/s)%n",
                    MANY, BODY_BYTES, sent, MANY / sent, complete, MANY / complete);
            assertThat(delivered.hasAll(sends)).isTrue();
            numbers.assertRun(MANY);
        }
    }

    @Test
    void waitingMessagesCostNoMemory() {
        Identity absent = Identity.generate("waiting-receiver");
        attach(absent).close();
        Numbers numbers = new Numbers();
        try (PeerLinkClient sender = attach(Identity.generate("waiting-sender"))) {
            LocalRouter leader = CLUSTER.leader();
            long before = TestCluster.residentBytes(leader);
            sendNumbered(sender, absent.name(), 0, WAITING_FIRST);
            long afterFirst = TestCluster.residentBytes(leader);
            sendNumbered(sender, absent.name(), WAITING_FIRST, WAITING);
            long afterAll = TestCluster.residentBytes(leader);
            System.out.printf(
                    "memory of leader %s: %d MB idle, %d MB with %d waiting, %d MB with %d waiting%n",
                    leader.id(), before >> 20, afterFirst >> 20, WAITING_FIRST, afterAll >> 20, WAITING);
            assertThat(afterAll - afterFirst).as("growth in bytes").isLessThan(GROWTH_MAX_BYTES);
            try (PeerLinkClient returned = attach(absent)) {
                returned.subscribe(numbers::add);
                await().atMost(PATIENCE).until(() -> numbers.count() >= WAITING);
                assertThat(returned.drain(PATIENCE)).isTrue();
            }
            numbers.assertRun(WAITING);
            assertThat(CLUSTER.leader().id()).as("the leader did not change").isEqualTo(leader.id());
        }
    }
}
