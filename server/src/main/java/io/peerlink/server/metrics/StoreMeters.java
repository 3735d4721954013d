package io.peerlink.server.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.peerlink.server.raft.RaftNode;
import io.peerlink.statemachine.StateView.Backlog;
import io.peerlink.statemachine.store.StoreUse;
import java.util.function.ToDoubleFunction;

/** What RocksDB takes, and what waits in the inboxes. */
final class StoreMeters {
    private final MeterRegistry registry;
    private final RaftNode raft;

    private StoreMeters(MeterRegistry registry, RaftNode raft) {
        this.registry = registry;
        this.raft = raft;
    }

    static void register(MeterRegistry registry, RaftNode raft, BacklogWatch backlog) {
        StoreMeters meters = new StoreMeters(registry, raft);
        meters.gauge("peerlink.rocksdb.table.bytes", "In table files", StoreUse::tableBytes);
        meters.gauge("peerlink.rocksdb.memtable.bytes", "In memory, not in table files yet", StoreUse::memtableBytes);
        meters.gauge("peerlink.rocksdb.reader.bytes", "Indexes and filters in memory", StoreUse::readerBytes);
        meters.gauge("peerlink.rocksdb.rows", "Rows, an estimate", StoreUse::rows);
        meters.gauge(
                "peerlink.rocksdb.pending.compaction.bytes",
                "What compaction has to rewrite, an estimate",
                StoreUse::pendingCompactionBytes);
        meters.gauge("peerlink.rocksdb.running.compactions", "Going on now", StoreUse::runningCompactions);
        meters.backlog(
                backlog,
                "peerlink.backlog.entries",
                "Messages and receipts in all inboxes that are not confirmed",
                Backlog::entries);
        meters.backlog(backlog, "peerlink.backlog.peers", "Peers for whom these wait", Backlog::peers);
    }

    private void gauge(String name, String description, ToDoubleFunction<StoreUse> value) {
        Gauge.builder(
                        name,
                        raft,
                        node -> node.storeUse().map(value::applyAsDouble).orElse(Double.NaN))
                .description(description)
                .register(registry);
    }

    private void backlog(BacklogWatch backlog, String name, String description, ToDoubleFunction<Backlog> value) {
        Gauge.builder(name, backlog, watch -> value.applyAsDouble(watch.now()))
                .description(description)
                .strongReference(true)
                .register(registry);
    }
}
