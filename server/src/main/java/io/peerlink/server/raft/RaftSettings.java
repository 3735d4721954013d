package io.peerlink.server.raft;

import io.peerlink.server.config.ServerConfig;
import io.peerlink.server.config.ServerConfig.RouterAddress;
import io.peerlink.server.identity.DataDirectory;
import io.peerlink.server.tls.RouterTls;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.grpc.GrpcTlsConfig;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys.Log.CorruptionPolicy;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.SslProvider;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/** Our configuration in Ratis' terms: every Ratis setting that we touch, with its reason. */
final class RaftSettings {
    /** Largest entry. Above the largest batch: a batch closes after the command that reaches its limit. */
    private static final SizeInBytes ENTRY_BYTES_MAX = SizeInBytes.valueOf("4MB");

    private RaftSettings() {}

    /** All routers with equal priority: an unequal one makes a candidate wait for a dead favourite. */
    static RaftGroup group(ServerConfig config) {
        UUID id = UUID.nameUUIDFromBytes(("peerlink/" + config.clusterId()).getBytes(StandardCharsets.UTF_8));
        List<RaftPeer> peers = config.routers().stream().map(RaftSettings::peer).toList();
        return RaftGroup.valueOf(RaftGroupId.valueOf(id), peers);
    }

    private static RaftPeer peer(RouterAddress router) {
        return RaftPeer.newBuilder()
                .setId(router.id())
                .setAddress(router.raft().toString())
                .setClientAddress(router.client().toString())
                .build();
    }

    /**
     * Ratis registers its gRPC services for clients and administration on the same port; only routers may use it.
     *
     * @param syncedIndex of the last entry that this router's disk has; any thread
     * @param voice is told of answers to the leader
     */
    static Parameters parameters(
            ServerConfig config, LongSupplier syncedIndex, LeaderVoice voice, Optional<RouterTls> tls) {
        Parameters parameters = new Parameters();
        tls.map(RaftSettings::mutualTls).ifPresent(conf -> GrpcConfigKeys.TLS.setConf(parameters, conf));
        SyncedOnly syncedOnly = new SyncedOnly(syncedIndex);
        // The one named last is asked first.
        GrpcConfigKeys.Server.setServicesCustomizer(
                parameters,
                (builder, types) -> builder.intercept(new Answers(voice::passing))
                        .intercept(new Answers(syncedOnly::passing))
                        .intercept(new OwnMailOnly(config.routerId()))
                        .intercept(new RouterCallsOnly()));
        return parameters;
    }

    /**
     * For all of Ratis' roles, router, client and administrator, at both ends. The managers follow the files, so Ratis needs no
     * restart for new ones. By the JDK's TLS and its choice of ciphers: with Netty's own, a suite that is missing on a platform
     * ends the server when the first connection comes (RATIS-2596).
     */
    private static GrpcTlsConfig mutualTls(RouterTls tls) {
        return GrpcTlsConfig.newBuilder()
                .setKeyManager(tls.raft().identity())
                .setTrustManager(tls.raft().trust())
                .setMutualTls(true)
                .setSslProvider(SslProvider.JDK)
                .setProtocols(tls.routerProtocols())
                .build();
    }

    static RaftProperties properties(ServerConfig config, CorruptionPolicy corruptionPolicy) {
        RaftProperties properties = new RaftProperties();
        RaftServerConfigKeys.setStorageDir(
                properties, List.of(DataDirectory.log(config.dataDir()).toFile()));
        GrpcConfigKeys.Server.setHost(properties, config.bindHost(config.self().raft()));
        GrpcConfigKeys.Server.setPort(properties, config.self().raft().port());
        log(properties, corruptionPolicy);
        replication(properties);
        elections(properties, config);
        snapshots(properties, config);
        reads(properties);
        return properties;
    }

    private static void log(RaftProperties properties, CorruptionPolicy corruptionPolicy) {
        // Decided by SegmentFile: truncation is allowed only when nothing but an unfinished last entry is damaged.
        RaftServerConfigKeys.Log.setCorruptionPolicy(properties, corruptionPolicy);
        // An acknowledged entry is on disk. Both settings would break that (async-flush loses data in 3.3.0).
        RaftServerConfigKeys.Log.setUnsafeFlushEnabled(properties, false);
        RaftServerConfigKeys.Log.setAsyncFlushEnabled(properties, false);
        // A metadata entry per commit doubles the fsyncs; without, a restarted router learns the commit from the
        // leader.
        RaftServerConfigKeys.Log.setLogMetadataEnabled(properties, false);
        // The open segment is on the heap, entry by entry, and so are closed ones up to this. Followers in step never
        // read them, and one that is behind reads files. What is alive is what a collection of the whole heap takes its
        // time for.
        RaftServerConfigKeys.Log.setSegmentSizeMax(properties, SizeInBytes.valueOf("2MB"));
        RaftServerConfigKeys.Log.setSegmentCacheNumMax(properties, 0);
        RaftServerConfigKeys.Log.setSegmentCacheSizeMax(properties, SizeInBytes.valueOf("2MB"));
        // Direct memory, all of it in use from the start. Must hold the largest entry.
        RaftServerConfigKeys.Log.setWriteBufferSize(properties, SizeInBytes.valueOf("4160KB"));
        // Each term begins with a new segment, on all routers at once, in the middle of a takeover. Its first sync
        // waits
        // for what was preallocated: on a quiet disk 15 ms for Ratis' 4 MB, 1.2 ms for 1 MB.
        RaftServerConfigKeys.Log.setPreallocatedSize(properties, SizeInBytes.valueOf("1MB"));
        // Our dedup is in the state machine; the cache only costs memory per entry.
        RaftServerConfigKeys.RetryCache.setExpiryTime(properties, TimeDuration.valueOf(5, TimeUnit.SECONDS));
    }

    private static void replication(RaftProperties properties) {
        // Without its cure, a follower that lost entries stays behind for ever on an idle cluster.
        RaftConfigKeys.Rpc.setType(properties, new ForgetfulFollowerRpc());
        RaftServerConfigKeys.Log.Appender.setBufferByteLimit(properties, ENTRY_BYTES_MAX);
        // These two together or not at all: one alone is slower than neither. Without composing, a follower groups the
        // fsyncs of several requests; without pacing, a single entry leaves at once.
        RaftServerConfigKeys.Log.setAppendEntriesComposeEnabled(properties, false);
        RaftServerConfigKeys.Log.Appender.setWaitTimeMin(properties, TimeDuration.ZERO);
        GrpcConfigKeys.setFlowControlWindow(properties, SizeInBytes.valueOf("8MB"));
        // A returning follower is tried again quickly and without end; the default waits up to 5 s between tries.
        RaftServerConfigKeys.Log.Appender.setRetryPolicy(properties, "10ms,10, 300ms,1000000");
    }

    private static void elections(RaftProperties properties, ServerConfig config) {
        RaftServerConfigKeys.Rpc.setTimeoutMin(properties, time(config.raft().electionTimeoutMin()));
        RaftServerConfigKeys.Rpc.setTimeoutMax(properties, time(config.raft().electionTimeoutMax()));
        // Nobody leads at the very start, so there is nobody to wait for.
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(
                properties, TimeDuration.valueOf(200, TimeUnit.MILLISECONDS));
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(
                properties, TimeDuration.valueOf(600, TimeUnit.MILLISECONDS));
        RaftServerConfigKeys.LeaderElection.setPreVote(properties, true);
    }

    private static void snapshots(RaftProperties properties, ServerConfig config) {
        // CheckpointSchedule asks for them: Ratis would count entries only, and have all the work done while apply
        // stands.
        RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(properties, false);
        RaftServerConfigKeys.Snapshot.setTriggerWhenStopEnabled(properties, false);
        RaftServerConfigKeys.Snapshot.setRetentionFileNum(
                properties, config.raft().checkpointsKept());
        // Else one dead follower makes the log grow without end.
        RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(properties, true);
        RaftServerConfigKeys.Log.setPurgePreservationLogNum(
                properties, config.raft().keepEntries());
        // At each checkpoint: Ratis would wait for 1024 more entries, which are gigabytes when they are large.
        RaftServerConfigKeys.Log.setPurgeGap(properties, 1);
        // A chunk lies on the heap at both ends, and each costs an fsync of Ratis' own.
        RaftServerConfigKeys.Log.Appender.setSnapshotChunkSizeMax(properties, SizeInBytes.valueOf("4MB"));
        // The product of the two is how long a sender waits on a follower that went away in the middle: 4 s, not 24 s.
        GrpcConfigKeys.Server.setInstallSnapshotRequestTimeout(properties, TimeDuration.valueOf(1, TimeUnit.SECONDS));
        GrpcConfigKeys.Server.setInstallSnapshotRequestElementLimit(properties, 4);
    }

    private static void reads(RaftProperties properties) {
        RaftServerConfigKeys.Read.setOption(properties, RaftServerConfigKeys.Read.Option.LINEARIZABLE);
        // A lease is not safe in 3.3.0: a follower may vote for another candidate while it renews the old leader's
        // lease. One
        // round of heartbeats per read (shared by those that wait together) is the price of the truth.
        RaftServerConfigKeys.Read.setLeaderLeaseEnabled(properties, false);
        RaftServerConfigKeys.Read.setTimeout(properties, TimeDuration.valueOf(5, TimeUnit.SECONDS));
    }

    private static TimeDuration time(Duration duration) {
        return TimeDuration.valueOf(duration.toMillis(), TimeUnit.MILLISECONDS);
    }
}
