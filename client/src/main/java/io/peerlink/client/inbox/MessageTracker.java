package io.peerlink.client.inbox;

import io.peerlink.client.DeliveryTracker;
import io.peerlink.client.ErrorCode;
import io.peerlink.client.MessageId;
import io.peerlink.client.PeerLinkException;
import io.peerlink.client.Receipt;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What was heard about one message. States only rise; LEFT and EXPIRED are final. Guarded by itself. */
final class MessageTracker implements DeliveryTracker {
    private final MessageId id;
    private final Map<String, Receipt> latest = new TreeMap<>();
    private final Map<String, CompletableFuture<Instant>> delivered = new HashMap<>();
    private final Map<String, CompletableFuture<Instant>> read = new HashMap<>();
    private final List<BiConsumer<String, Receipt.Kind>> listeners = new ArrayList<>();
    private @Nullable PeerLinkException ended;

    MessageTracker(MessageId id) {
        this.id = id;
    }

    @Override
    public MessageId id() {
        return id;
    }

    @Override
    public synchronized Map<String, Receipt.Kind> states() {
        Map<String, Receipt.Kind> states = new TreeMap<>();
        latest.forEach((peer, receipt) -> states.put(peer, receipt.kind()));
        return states;
    }

    @Override
    public CompletableFuture<Instant> delivered(String peer) {
        return await(peer, delivered, Receipt.Kind.DELIVERED);
    }

    @Override
    public CompletableFuture<Instant> read(String peer) {
        return await(peer, read, Receipt.Kind.READ);
    }

    @Override
    public synchronized void onChange(BiConsumer<String, Receipt.Kind> listener) {
        listeners.add(listener);
    }

    private synchronized CompletableFuture<Instant> await(
            String peer, Map<String, CompletableFuture<Instant>> futures, Receipt.Kind wanted) {
        CompletableFuture<Instant> known = futures.get(peer);
        if (known != null) {
            return known;
        }
        CompletableFuture<Instant> future = new CompletableFuture<>();
        Receipt receipt = latest.get(peer);
        if (ended != null && receipt == null) {
            future.completeExceptionally(ended);
        } else if (receipt != null) {
            complete(future, receipt, wanted);
        }
        futures.put(peer, future);
        return future;
    }

    void apply(Receipt receipt) {
        List<BiConsumer<String, Receipt.Kind>> told;
        CompletableFuture<Instant> deliveredFuture;
        CompletableFuture<Instant> readFuture;
        synchronized (this) {
            Receipt before = latest.get(receipt.peer());
            if (before != null && !rises(before.kind(), receipt.kind())) {
                return;
            }
            latest.put(receipt.peer(), receipt);
            told = List.copyOf(listeners);
            deliveredFuture = delivered.get(receipt.peer());
            readFuture = read.get(receipt.peer());
        }
        if (deliveredFuture != null) {
            complete(deliveredFuture, receipt, Receipt.Kind.DELIVERED);
        }
        if (readFuture != null) {
            complete(readFuture, receipt, Receipt.Kind.READ);
        }
        told.forEach(listener -> listener.accept(receipt.peer(), receipt.kind()));
    }

    private static boolean rises(Receipt.Kind from, Receipt.Kind to) {
        return switch (from) {
            case DELIVERED -> to == Receipt.Kind.READ;
            case READ, LEFT, EXPIRED -> false;
        };
    }

    private static void complete(CompletableFuture<Instant> future, Receipt receipt, Receipt.Kind wanted) {
        switch (receipt.kind()) {
            case DELIVERED -> {
                if (wanted == Receipt.Kind.DELIVERED) {
                    future.complete(receipt.at());
                }
            }
            case READ -> future.complete(receipt.at());
            case LEFT ->
                future.completeExceptionally(new PeerLinkException(
                        ErrorCode.RECIPIENT_LEFT, receipt.peer() + " left the group before delivery", "", false));
            case EXPIRED ->
                future.completeExceptionally(new PeerLinkException(
                        ErrorCode.MESSAGE_EXPIRED,
                        "the message expired before " + receipt.peer() + " got it",
                        "",
                        false));
        }
    }

    void end(PeerLinkException error) {
        List<CompletableFuture<Instant>> open;
        synchronized (this) {
            ended = error;
            open = new ArrayList<>(delivered.values());
            open.addAll(read.values());
        }
        open.forEach(future -> future.completeExceptionally(error));
    }
}
