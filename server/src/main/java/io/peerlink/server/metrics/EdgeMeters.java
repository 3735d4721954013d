package io.peerlink.server.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.peerlink.protocol.v1.ErrorCode;
import io.peerlink.server.edge.AttachLimit;
import io.peerlink.server.edge.EdgeObserver;
import io.peerlink.server.edge.TurnedAway;
import io.peerlink.statemachine.StateView.InboxEntry;
import io.peerlink.statemachine.StateView.InboxPage;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** What sessions ask for and get: requests, outcomes by code, deliveries and how long after the sending they are pushed. */
public final class EdgeMeters implements EdgeObserver {
    private static final String OUTCOMES = "peerlink.outcomes";
    private static final String CODE = "code";

    private final MeterRegistry registry;
    private final Counter requests;
    private final Counter sent;
    private final Counter done;
    private final Counter unknown;
    private final Map<TurnedAway, Counter> turnedAway = new EnumMap<>(TurnedAway.class);
    private final Map<AttachLimit, Counter> attachesLimited = new EnumMap<>(AttachLimit.class);
    private final Counter deliveries;
    private final Timer delivery;

    /** Registers its meters. */
    public EdgeMeters(MeterRegistry registry) {
        this.registry = registry;
        this.requests = Counter.builder("peerlink.requests")
                .description("Requests that sessions sent to this router")
                .register(registry);
        this.sent = outcomes("SENT");
        this.done = outcomes("DONE");
        this.unknown = outcomes("UNKNOWN");
        for (TurnedAway why : TurnedAway.values()) {
            turnedAway.put(
                    why,
                    Counter.builder("peerlink.connections.refused")
                            .description(
                                    "Connections closed: their address had too_many, or made them too_fast; control_frames; half_requests")
                            .tag("reason", why.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
        for (AttachLimit limit : AttachLimit.values()) {
            attachesLimited.put(
                    limit,
                    Counter.builder("peerlink.attaches.limited")
                            .description(
                                    "Attaches refused (RATE_LIMITED): their address brought too many new names or wrong keys"
                                            + " (registrations), or the peer opened too many sessions")
                            .tag("reason", limit.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
        this.deliveries = Counter.builder("peerlink.deliveries")
                .description("Messages and receipts pushed to sessions")
                .register(registry);
        this.delivery = Timer.builder("peerlink.delivery")
                .description(
                        "From a message's time stamp to its push, to sessions that had subscribed before it was sent")
                .serviceLevelObjectives(LatencyBuckets.ALL)
                .register(registry);
    }

    private Counter outcomes(String code) {
        return Counter.builder(OUTCOMES)
                .description("Requests by what became of them: SENT, DONE, UNKNOWN, or the code of the refusal")
                .tag(CODE, code)
                .register(registry);
    }

    @Override
    public void requested(int count) {
        requests.increment(count);
    }

    @Override
    public void sent(int messages) {
        sent.increment(messages);
    }

    @Override
    public void done(int count) {
        done.increment(count);
    }

    @Override
    public void refused(ErrorCode code, int count) {
        outcomes(code.name()).increment(count);
    }

    @Override
    public void unknown(int count) {
        unknown.increment(count);
    }

    @Override
    public void ended(ErrorCode code) {
        ended(code.name());
    }

    @Override
    public void attachTimedOut() {
        ended("ATTACH_TIMEOUT");
    }

    private void ended(String code) {
        Counter.builder("peerlink.streams.ended")
                .description("Clients' streams ended by this router: the code of the refusal, or ATTACH_TIMEOUT")
                .tag(CODE, code)
                .register(registry)
                .increment();
    }

    @Override
    public void attachLimited(AttachLimit beyond) {
        Objects.requireNonNull(attachesLimited.get(beyond)).increment();
    }

    @Override
    public void turnedAway(TurnedAway why) {
        Objects.requireNonNull(turnedAway.get(why)).increment();
    }

    @Override
    public void operatorCalled(boolean admitted) {
        Counter.builder("peerlink.operator.calls")
                .description("Calls that only operators may make: admitted, or refused (OPERATOR_NEEDED)")
                .tag("result", admitted ? "admitted" : "refused")
                .register(registry)
                .increment();
    }

    @Override
    public Consumer<InboxPage> subscribed() {
        long sinceMs = System.currentTimeMillis();
        return page -> pushed(page, sinceMs);
    }

    private void pushed(InboxPage page, long subscribedMs) {
        long nowMs = System.currentTimeMillis();
        deliveries.increment(page.deliveries());
        for (InboxEntry entry : page.entries()) {
            // What was sent before waited for the reader, and tells nothing of this router.
            if (entry instanceof InboxEntry.MessagesEntry messages
                    && messages.messages().sentAtMs() >= subscribedMs) {
                delivery.record(Math.max(0, nowMs - messages.messages().sentAtMs()), TimeUnit.MILLISECONDS);
            }
        }
    }

    long requests() {
        return (long) requests.count();
    }

    long deliveries() {
        return (long) deliveries.count();
    }
}
