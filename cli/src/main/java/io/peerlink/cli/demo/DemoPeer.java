package io.peerlink.cli.demo;

import io.peerlink.cli.local.Waiting;
import io.peerlink.client.IncomingMessage;
import io.peerlink.client.PeerLinkClient;
import io.peerlink.client.Receipt;
import io.peerlink.client.identity.Identity;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A peer of the demo: keeps its key in memory and can leave and come back. */
final class DemoPeer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Identity identity;
    private final List<String> servers;
    private final Consumer<IncomingMessage> onMessage;
    private final Queue<Receipt> receipts = new ConcurrentLinkedQueue<>();
    private PeerLinkClient client;

    /**
     * @param onMessage called for each message, before it is confirmed
     */
    DemoPeer(String name, List<String> servers, Consumer<IncomingMessage> onMessage) {
        this.identity = Identity.generate(name);
        this.servers = servers;
        this.onMessage = onMessage;
        this.client = attach();
    }

    private PeerLinkClient attach() {
        PeerLinkClient attaching = PeerLinkClient.builder()
                .servers(servers)
                .identity(identity)
                .connectTimeout(PATIENCE)
                .agent("peerlink-demo")
                .build()
                .connect();
        attaching.onReceipt(receipts::add);
        attaching.subscribe(onMessage::accept);
        return attaching;
    }

    PeerLinkClient client() {
        return client;
    }

    /** Whether a receipt of this kind from this peer came for the message. */
    boolean hasReceipt(Receipt.Kind kind, String peer, io.peerlink.client.MessageId id) {
        return receipts.stream()
                .anyMatch(receipt -> receipt.kind() == kind && receipt.peer().equals(peer) && receipt.spans(id));
    }

    /** Goes away, as when a laptop is closed. */
    void leave() {
        client.drain(PATIENCE);
        client.close();
    }

    /** Comes back with the same key. */
    void comeBack() {
        client = attach();
    }

    /** Returns once it is true, which it must be soon. */
    static void await(String what, BooleanSupplier condition) throws InterruptedException {
        Waiting.until(what, PATIENCE, condition);
    }

    @Override
    public void close() {
        client.close();
    }
}
