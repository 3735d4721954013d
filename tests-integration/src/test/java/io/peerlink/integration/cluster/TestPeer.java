package io.peerlink.integration.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerlink.client.ConnectionEvent;
import io.peerlink.client.ErrorListener;
import io.peerlink.client.IncomingMessage;
import io.peerlink.client.MessageId;
import io.peerlink.client.OutgoingMessage;
import io.peerlink.client.PeerLinkClient;
import io.peerlink.client.PeerLinkException;
import io.peerlink.client.Receipt;
import io.peerlink.client.RouterTrust;
import io.peerlink.client.SendReceipt;
import io.peerlink.client.identity.Identity;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * A peer under test: its SDK client, what it was given, and every trouble that its application noticed. It can leave and
 * come back. Sends from one thread at a time.
 */
final class TestPeer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Identity identity;
    private final List<String> servers;
    private final RouterTrust trust;
    private final DeliveryLedger ledger;
    private final Map<String, Integer> nextNumbers = new ConcurrentHashMap<>();
    private final Queue<CompletableFuture<?>> sends = new ConcurrentLinkedQueue<>();
    private final Queue<IncomingMessage> messages = new ConcurrentLinkedQueue<>();
    private final Queue<Receipt> receipts = new ConcurrentLinkedQueue<>();
    private final Queue<ConnectionEvent> events = new ConcurrentLinkedQueue<>();
    private final Queue<String> troubles = new ConcurrentLinkedQueue<>();
    private PeerLinkClient client;

    TestPeer(String name, List<String> servers, DeliveryLedger ledger) {
        this(name, servers, RouterTrust.plainText(), ledger);
    }

    TestPeer(String name, List<String> servers, RouterTrust trust, DeliveryLedger ledger) {
        this.trust = trust;
        this.identity = Identity.generate(name);
        this.servers = servers;
        this.ledger = ledger;
        this.client = attach();
    }

    private PeerLinkClient attach() {
        PeerLinkClient attaching = PeerLinkClient.builder()
                .servers(servers)
                .trust(trust)
                .identity(identity)
                .connectTimeout(PATIENCE)
                .connectionListener(this::onEvent)
                .errorListener(new TroubleListener())
                .agent("integration-test")
                .build()
                .connect();
        attaching.onReceipt(this::onReceipt);
        attaching.subscribe(this::onMessage);
        return attaching;
    }

    private void onMessage(IncomingMessage message) {
        ledger.presented(name(), message);
        messages.add(message);
    }

    private void onReceipt(Receipt receipt) {
        ledger.receipt(name(), receipt);
        receipts.add(receipt);
    }

    private void onEvent(ConnectionEvent event) {
        events.add(event);
        if (event instanceof ConnectionEvent.Refused refused) {
            troubles.add("refused: " + refused.error());
        }
    }

    private final class TroubleListener implements ErrorListener {
        @Override
        public void handlerFailed(IncomingMessage message, Throwable error) {
            troubles.add("handler failed for " + message.id() + ": " + error);
        }

        @Override
        public void failed(PeerLinkException error) {
            troubles.add("error event: " + error);
        }
    }

    String name() {
        return identity.name();
    }

    PeerLinkClient client() {
        return client;
    }

    /** Sends the next number to a peer or group. */
    CompletableFuture<SendReceipt> send(String to) {
        int number = nextNumbers.merge(to, 1, Integer::sum) - 1;
        CompletableFuture<SendReceipt> sent = client.sendAsync(OutgoingMessage.text(to, String.valueOf(number)));
        sends.add(sent.whenComplete((receipt, failure) -> onOutcome(to, number, receipt, failure)));
        return sent;
    }

    private void onOutcome(String to, int number, @Nullable SendReceipt receipt, @Nullable Throwable failure) {
        if (receipt != null) {
            ledger.acknowledged(name(), to, number, receipt);
        } else {
            troubles.add("send " + number + " to " + to + " failed: " + failure);
        }
    }

    /** Sends the next number and waits for its outcome. */
    MessageId sent(String to) {
        return send(to).join().id();
    }

    /** Waits until every send has ended, well or not. */
    void awaitOutcomes() {
        CompletableFuture.allOf(sends.toArray(new CompletableFuture<?>[0]))
                .exceptionally(failure -> null)
                .join();
    }

    /** What was presented, in order. */
    List<MessageId> messages() {
        return messages.stream().map(IncomingMessage::id).toList();
    }

    boolean hasReceipt(Receipt.Kind kind, String peer, MessageId id) {
        return receipts.stream()
                .anyMatch(receipt -> receipt.kind() == kind && receipt.peer().equals(peer) && receipt.spans(id));
    }

    /** What happened to the connection since the beginning. */
    List<ConnectionEvent> events() {
        return List.copyOf(events);
    }

    /** How often the client lost its leader. */
    long losses() {
        return events.stream()
                .filter(event -> event instanceof ConnectionEvent.Lost)
                .count();
    }

    /** What an application would have noticed: failed sends, error events, refusals. */
    List<String> troubles() {
        return List.copyOf(troubles);
    }

    /** Goes away after everything is settled, as when a laptop is closed. */
    void leave() {
        assertThat(client.drain(PATIENCE)).as("drained").isTrue();
        client.close();
    }

    /** Comes back with the same key. */
    void comeBack() {
        client = attach();
    }

    @Override
    public void close() {
        client.close();
    }
}
