package io.peerlink.server.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.peerlink.server.config.OperatorList;
import io.peerlink.server.config.ServerConfig;
import io.peerlink.server.dispatch.Dispatcher;
import io.peerlink.server.edge.EdgeObserver;
import io.peerlink.server.edge.RouterLoad;
import io.peerlink.server.edge.SessionRegistry;
import io.peerlink.server.health.Readiness;
import io.peerlink.server.raft.CommandLog;
import io.peerlink.server.raft.RaftNode;
import io.peerlink.server.raft.RatisMeasures;
import io.peerlink.server.raft.RouterStatus;
import io.peerlink.server.submit.CommandBatcher;
import io.peerlink.server.tls.Credentials;
import io.peerlink.server.tls.RouterTls;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * All meters of one router. Most are read when somebody asks; what must be noted when it happens (latencies, sizes, outcomes)
 * comes through {@link #edge} and {@link #log}. Thread-safe.
 */
public final class RouterMeters implements AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final EdgeMeters edge = new EdgeMeters(registry);
    private final MeteredLog log;
    private final ProcessMeters process;
    private final BacklogWatch backlog;

    /** The parts whose state is read. */
    public record Sources(
            CommandBatcher batcher,
            Dispatcher dispatcher,
            SessionRegistry sessions,
            Readiness readiness,
            Optional<RouterTls> tls,
            OperatorList operators) {}

    /** Registers what can be before the other parts are there. */
    public RouterMeters(ServerConfig config, RaftNode raft) {
        this.log = new MeteredLog(registry, batch -> raft.log().append(batch));
        this.process = new ProcessMeters(registry, config.dataDir());
        this.backlog = new BacklogWatch(raft);
        RaftMeters.register(registry, raft);
        StoreMeters.register(registry, raft, backlog);
        RatisMeasures measures = new RatisMeasures(() ->
                raft.status().members().stream().map(RouterStatus.Member::id).toList());
        registry.getPrometheusRegistry().register(new RatisCollector(measures));
    }

    /** Registers what these tell when they are asked. */
    public void watch(Sources sources) {
        CommandBatcher batcher = sources.batcher();
        gauge(
                "peerlink.sessions",
                "Sessions attached here",
                () -> sources.sessions().size());
        gauge(
                "peerlink.stalled.sessions",
                "Sessions that do not take what is pushed",
                () -> sources.dispatcher().stalledPumps());
        gauge(
                "peerlink.waiting.commands",
                "Commands that wait for an entry",
                () -> batcher.load().commands());
        gauge(
                "peerlink.unsettled.bytes",
                "Of commands without an outcome",
                () -> batcher.load().unsettledBytes());
        gauge(
                "peerlink.entries.in.flight",
                "Entries of this leader that are not applied yet",
                () -> batcher.load().entriesUnderWay());
        gauge(
                "peerlink.ready",
                "1 while the router is fit to play its part",
                () -> sources.readiness().look().ready() ? 1 : 0);
        FunctionCounter.builder("peerlink.operators.file.refused", sources.operators(), OperatorList::refused)
                .description("Looks, one each 5 s, at an access.operators-file that could not be taken")
                .register(registry);
        sources.tls().ifPresent(tls -> {
            certificate("client", tls.clients());
            certificate("raft", tls.raft());
        });
    }

    private void certificate(String port, Credentials credentials) {
        Gauge.builder(
                        "peerlink.certificate.expiry",
                        credentials,
                        shown -> Duration.between(Instant.now(), shown.validUntil())
                                .toSeconds())
                .description("Until the certificate in use on this port ends; negative once it has")
                .baseUnit("seconds")
                .tag("port", port)
                .strongReference(true)
                .register(registry);
    }

    private void gauge(String name, String description, Supplier<Number> value) {
        Gauge.builder(name, value).description(description).register(registry);
    }

    /** Counts what sessions do. */
    public EdgeObserver edge() {
        return edge;
    }

    /** The router's log, measured. */
    public CommandLog log() {
        return log;
    }

    /** How busy the router is. */
    public RouterLoad load() {
        return new RouterLoad(
                edge.requests(),
                edge.deliveries(),
                backlog.now().entries(),
                log.p99Micros(),
                ProcessMeters.residentBytes());
    }

    /** Everything in Prometheus' text format. */
    public String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        process.close();
        registry.close();
    }
}
