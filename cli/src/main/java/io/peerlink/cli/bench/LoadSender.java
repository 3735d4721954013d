package io.peerlink.cli.bench;

import io.peerlink.client.OutgoingMessage;
import io.peerlink.client.PeerLinkClient;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** One session that sends. Any thread may ask for the next send. */
final class LoadSender implements AutoCloseable {
    private final PeerLinkClient client;
    private final String to;
    private final int size;
    private final LoadMeter acknowledgements;
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong errors = new AtomicLong();
    private final AtomicLong unsettled = new AtomicLong();
    private long number;
    private volatile boolean stopped;

    LoadSender(PeerLinkClient client, String to, int size, LoadMeter acknowledgements) {
        this.client = client;
        this.to = to;
        this.size = size;
        this.acknowledgements = acknowledgements;
    }

    /** Sends, and sends again with each outcome, so that so many are under way until {@link #stop}. */
    void keepInFlight(int sends) {
        for (int i = 0; i < sends; i++) {
            next();
        }
    }

    private void next() {
        if (!stopped) {
            send(System.nanoTime()).whenComplete((receipt, failure) -> next());
        }
    }

    /**
     * One send. Its latency counts from when it was due.
     *
     * @return completes, never exceptionally, when it has an outcome
     */
    CompletableFuture<Boolean> send(long dueNanos) {
        unsettled.incrementAndGet();
        return submit(dueNanos).handle((receipt, failure) -> {
            if (failure == null) {
                acknowledged.incrementAndGet();
                acknowledgements.add(dueNanos);
            } else {
                errors.incrementAndGet();
                stopped = true;
            }
            unsettled.decrementAndGet();
            return failure == null;
        });
    }

    /** Numbers rise in the order of sending. */
    private synchronized CompletableFuture<?> submit(long dueNanos) {
        return client.sendAsync(
                OutgoingMessage.bytes(to, new LoadBody(number++, dueNanos).bytes(size), "application/octet-stream"));
    }

    /** Sends nothing more. */
    void stop() {
        stopped = true;
    }

    long acknowledged() {
        return acknowledged.get();
    }

    long errors() {
        return errors.get();
    }

    long unsettled() {
        return unsettled.get();
    }

    @Override
    public void close() {
        client.close();
    }
}
