package io.peerlink.cli.bench;

import io.peerlink.client.IncomingMessage;
import io.peerlink.client.PeerLinkClient;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** One peer that reads and confirms. It notices what comes again or behind a later one. */
final class LoadReceiver implements AutoCloseable {
    private final PeerLinkClient client;
    private final LoadMeter deliveries;
    /** By sender. Written by the handler, one message at a time. */
    private final Map<String, Long> nextNumbers = new ConcurrentHashMap<>();

    private final AtomicLong delivered = new AtomicLong();
    private final AtomicLong doubled = new AtomicLong();

    LoadReceiver(PeerLinkClient client, LoadMeter deliveries) {
        this.client = client;
        this.deliveries = deliveries;
    }

    /** Begins to read. */
    void read() {
        client.subscribe(this::onMessage);
    }

    private void onMessage(IncomingMessage message) {
        LoadBody body = LoadBody.of(message.body());
        deliveries.add(body.dueNanos());
        delivered.incrementAndGet();
        long expected = nextNumbers.getOrDefault(message.from(), 0L);
        if (body.number() < expected) {
            doubled.incrementAndGet();
        } else {
            nextNumbers.put(message.from(), body.number() + 1);
        }
    }

    /** Messages that were read. */
    long delivered() {
        return delivered.get();
    }

    /** Messages that came again, or behind a later one. */
    long doubled() {
        return doubled.get();
    }

    /** Waits until all that was read is confirmed. */
    boolean drain(Duration limit) {
        return client.drain(limit);
    }

    PeerLinkClient client() {
        return client;
    }

    @Override
    public void close() {
        client.close();
    }
}
