package io.peerlink.server.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.peerlink.server.raft.RaftCounts;
import io.peerlink.server.raft.RaftNode;
import io.peerlink.server.raft.RouterStatus;
import io.peerlink.server.raft.RouterStatus.Role;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** Role, term and place in the log, and what applying and checkpoints take. Read when they are asked for. */
final class RaftMeters {
    private final MeterRegistry registry;
    private final RaftNode raft;

    private RaftMeters(MeterRegistry registry, RaftNode raft) {
        this.registry = registry;
        this.raft = raft;
    }

    static void register(MeterRegistry registry, RaftNode raft) {
        RaftMeters meters = new RaftMeters(registry, raft);
        meters.registerStatus();
        meters.registerWork(raft.counts());
    }

    private void registerStatus() {
        for (Role role : Role.values()) {
            Gauge.builder("peerlink.raft.role", raft, node -> node.status().role() == role ? 1 : 0)
                    .description("1 for the role that this router has")
                    .tag("role", role.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
        gauge("peerlink.raft.term", "Raft term", RouterStatus::term);
        gauge("peerlink.raft.commit.index", "Last entry known to be committed, here", RouterStatus::commitIndex);
        gauge("peerlink.raft.applied.index", "Last entry that is in the tables", RouterStatus::appliedIndex);
        gauge("peerlink.raft.lag.entries", "Committed entries that are not applied here", RouterStatus::lag);
        gauge(
                "peerlink.raft.members",
                "Routers of the cluster",
                now -> now.members().size());
        gauge(
                "peerlink.raft.led",
                "1 while a leader is known that, as far as this router can tell, has a majority",
                now -> now.isLed() ? 1 : 0);
        gauge("peerlink.checkpoint.index", "Last entry in the newest checkpoint", RouterStatus::checkpointIndex);
    }

    private void gauge(String name, String description, ToDoubleFunction<RouterStatus> value) {
        Gauge.builder(name, raft, node -> value.applyAsDouble(node.status()))
                .description(description)
                .register(registry);
    }

    private void registerWork(RaftCounts counts) {
        counter(
                "peerlink.leader.changes",
                "Changes of the leader that this router heard of",
                RaftCounts::leaderChanges);
        counter("peerlink.applied.commands", "Commands applied", RaftCounts::commands);
        FunctionTimer.builder(
                        "peerlink.apply", counts, RaftCounts::entries, RaftCounts::applyNanos, TimeUnit.NANOSECONDS)
                .description("What applying entries takes")
                .register(registry);
        FunctionTimer.builder(
                        "peerlink.checkpoint",
                        counts,
                        RaftCounts::checkpoints,
                        RaftCounts::checkpointNanos,
                        TimeUnit.NANOSECONDS)
                .description("For how long applying stands still for checkpoints")
                .register(registry);
    }

    private void counter(String name, String description, ToDoubleFunction<RaftCounts> value) {
        FunctionCounter.builder(name, raft.counts(), value)
                .description(description)
                .register(registry);
    }
}
