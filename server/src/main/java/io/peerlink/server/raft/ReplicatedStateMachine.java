package io.peerlink.server.raft;

import com.google.protobuf.InvalidProtocolBufferException;
import io.peerlink.log.v1.Batch;
import io.peerlink.server.raft.InFlightBatches.InFlight;
import io.peerlink.statemachine.ApplyResult;
import io.peerlink.statemachine.LogPosition;
import io.peerlink.statemachine.StateMachine;
import io.peerlink.statemachine.StateView;
import io.peerlink.statemachine.snapshot.Checkpoint;
import io.peerlink.statemachine.snapshot.CheckpointFiles;
import io.peerlink.statemachine.store.StoreUse;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.util.LifeCycle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Our state machine in Ratis' clothes. Ratis' apply thread owns it: apply, reinitialize and close run there, and checkpoints get
 * their names; {@link #prepareCheckpoint} and {@link #read} may come from any thread and shares the lock that keeps the database open under it.
 *
 * <p>Anything thrown while applying means that this router cannot follow the log. Ratis would close the division and leave
 * the JVM alive, so the process is halted here instead.
 */
final class ReplicatedStateMachine extends BaseStateMachine implements Checkpoints {
    private static final Logger LOGGER = LoggerFactory.getLogger(ReplicatedStateMachine.class);

    private final Path liveDirectory;
    private final Path nextDirectory;
    private final KeptConfiguration kept;
    private final InFlightBatches inFlight;
    private final RaftListener listener;
    private final Halt halt;
    private final SnapshotStorage snapshots = new SnapshotStorage();
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private @Nullable Path configuration;
    private @Nullable StateMachine state;
    private final RaftCounts counts = new RaftCounts();
    private final PreparedCheckpoint prepared = new PreparedCheckpoint();

    /**
     * @param halt for a log that cannot be written
     */
    ReplicatedStateMachine(Path dataDirectory, InFlightBatches inFlight, RaftListener listener, Halt halt) {
        this.liveDirectory = dataDirectory.resolve("live");
        this.nextDirectory = dataDirectory.resolve("next-checkpoint");
        this.kept = KeptConfiguration.in(dataDirectory);
        this.inFlight = inFlight;
        this.listener = listener;
        this.halt = halt;
    }

    @Override
    public void initialize(RaftServer server, RaftGroupId groupId, RaftStorage storage) throws IOException {
        super.initialize(server, groupId, storage);
        snapshots.init(storage);
        // What a crash left; RocksDB adds the ending while it links.
        CheckpointFiles.delete(nextDirectory);
        CheckpointFiles.delete(nextDirectory.resolveSibling(nextDirectory.getFileName() + ".tmp"));
        configuration = new StoredLog(storage.getStorageDir().getCurrentDir().toPath()).configuration();
        getLifeCycle().startAndTransition(this::openNewest);
    }

    private void openNewest() {
        Optional<Checkpoint> newest = snapshots.refresh();
        newest.ifPresent(Checkpoint::verify);
        // One that came over the network is synced by nobody else, and later checkpoints count on its tables.
        newest.ifPresent(Checkpoint::sync);
        lock.writeLock().lock();
        try {
            closeState();
            state = StateMachine.open(liveDirectory, newest.orElse(null));
        } finally {
            lock.writeLock().unlock();
        }
        setLastAppliedTermIndex(newest.map(Checkpoint::position)
                .map(position -> TermIndex.valueOf(position.term(), position.index()))
                .orElse(TermIndex.INITIAL_VALUE));
        LOGGER.info(
                "state opened {}",
                newest.map(found -> "from checkpoint " + found.directory()).orElse("empty"));
    }

    @Override
    public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
        LogEntryProto entry = transaction.getLogEntry();
        long start = System.nanoTime();
        try {
            InFlight own = inFlight.find(entry.getStateMachineLogEntry());
            Batch batch = own != null ? own.batch() : parse(entry);
            ApplyResult result = open().apply(new LogPosition(entry.getTerm(), entry.getIndex()), batch);
            updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
            listener.onApplied(result.effects());
            inFlight.applied(entry.getStateMachineLogEntry(), result);
            prepared.applied(entry.getStateMachineLogEntry().getLogData().size());
            counts.applied(batch.getCommandsCount(), System.nanoTime() - start);
        } catch (Throwable t) {
            FatalFault.CANNOT_APPLY.halt("cannot apply log entry " + entry.getTerm() + ":" + entry.getIndex(), t);
        }
        return CompletableFuture.completedFuture(Message.EMPTY);
    }

    private static Batch parse(LogEntryProto entry) throws InvalidProtocolBufferException {
        // Two protobufs, Ratis' shaded one and ours: a read-only buffer crosses without a copy.
        ByteString data = entry.getStateMachineLogEntry().getLogData();
        return Batch.parseFrom(data.asReadOnlyByteBuffer());
    }

    /**
     * Apply thread. Announces the checkpoint that was prepared, which ends a little before what is applied now, or, if somebody
     * asked for everything, makes one of that.
     */
    @Override
    public long takeSnapshot() throws IOException {
        TermIndex applied = getLastAppliedTermIndex();
        if (applied.getIndex() < 0) {
            return -1;
        }
        long start = System.nanoTime();
        try {
            Checkpoint checkpoint =
                    prepared.take(newestIndex(), snapshots.directory()).orElseGet(() -> makeNow(applied));
            snapshots.announce(checkpoint);
            long index = checkpoint.position().index();
            keepConfiguration(index);
            long nanos = System.nanoTime() - start;
            counts.checkpointed(nanos);
            LOGGER.info(
                    "checkpoint {}, for which applying stood still for {} ms",
                    checkpoint.position(),
                    nanos / 1_000_000);
            return index;
        } catch (RuntimeException e) {
            throw new IOException("no checkpoint at " + applied, e);
        }
    }

    private Checkpoint makeNow(TermIndex applied) {
        Checkpoint made =
                open().checkpoint(snapshots.directory(), new LogPosition(applied.getTerm(), applied.getIndex()));
        prepared.madeOfAll();
        return made;
    }

    @Override
    public long demand() {
        long applied = getLastAppliedTermIndex().getIndex();
        prepared.demand(applied);
        return applied;
    }

    /** Called at the end of an installed snapshot, on a gRPC thread, under Ratis' locks. */
    @Override
    public void pause() {
        getLifeCycle().transition(LifeCycle.State.PAUSING);
        getLifeCycle().transition(LifeCycle.State.PAUSED);
    }

    /** Apply thread, after Ratis put a received snapshot in place. */
    @Override
    public void reinitialize() throws IOException {
        try {
            getLifeCycle().startAndTransition(this::openNewest);
        } catch (RuntimeException e) {
            FatalFault.CANNOT_APPLY.halt("cannot use the snapshot that was installed", e);
        }
    }

    <T> T read(Function<StateView, T> query) {
        lock.readLock().lock();
        try {
            return query.apply(open().view());
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Makes a checkpoint while apply goes on; {@link #takeSnapshot} gives it its name. One thread at a time, any. */
    void prepareCheckpoint() {
        lock.readLock().lock();
        try {
            long start = System.nanoTime();
            prepared.begin();
            Checkpoint made = open().prepareCheckpoint(snapshots.directory(), nextDirectory);
            LOGGER.debug("checkpoint {} prepared in {} ms", made.position(), (System.nanoTime() - start) / 1_000_000);
            prepared.offer(made);
        } finally {
            lock.readLock().unlock();
        }
    }

    /** What was done since the process began. */
    RaftCounts counts() {
        return counts;
    }

    /** What the tables take; empty while they are closed. */
    Optional<StoreUse> storeUse() {
        lock.readLock().lock();
        try {
            return Optional.ofNullable(state).map(StateMachine::storeUse);
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Bytes of commands applied since the newest checkpoint or the start. */
    long bytesSinceCheckpoint() {
        return prepared.bytesSince();
    }

    /** Index of the last entry that was applied. */
    long appliedIndex() {
        return getLastAppliedTermIndex().getIndex();
    }

    @Override
    public long newestIndex() {
        var latest = snapshots.getLatestSnapshot();
        return latest == null ? 0 : latest.getIndex();
    }

    /** The newest finished checkpoint; it may be cleaned up once there are newer ones. */
    Optional<Checkpoint> newestCheckpoint() {
        return Checkpoint.list(snapshots.directory()).stream().findFirst();
    }

    private StateMachine open() {
        StateMachine opened = state;
        if (opened == null) {
            throw new LogUnavailableException("the state is closed");
        }
        return opened;
    }

    @Override
    public StateMachineStorage getStateMachineStorage() {
        return snapshots;
    }

    @Override
    public CompletableFuture<Message> query(Message request) {
        // Only asked to prove the read index; the caller reads by itself, on a thread of its own.
        return CompletableFuture.completedFuture(Message.EMPTY);
    }

    /** After Ratis has written a configuration. Apply thread, or a gRPC thread while a snapshot is installed. */
    @Override
    public void notifyConfigurationChanged(long term, long index, RaftConfigurationProto changed) {
        keepConfiguration(newestCheckpoint()
                .map(checkpoint -> checkpoint.position().index())
                .orElse(StoredLog.NOTHING));
    }

    /** Ratis logs that it could not write it, and goes on. */
    private synchronized void keepConfiguration(long checkpointIndex) {
        Path written = configuration;
        if (written == null || !Files.exists(written)) {
            return;
        }
        try {
            kept.keep(written, checkpointIndex);
        } catch (ClosedByInterruptException e) {
            // By Ratis, of the call that it gave up; the disk is not at fault, and the copy before still stands.
            LOGGER.info("no new copy of {}", written, e);
        } catch (IOException e) {
            halt.halt(FatalFault.LOG_NOT_WRITTEN, written + " or its copy cannot be written: " + e, e);
        }
    }

    /** Ratis closes the division after this; there is nothing to wait for. Any of its threads. */
    @Override
    public void notifyLogFailed(Throwable cause, @Nullable LogEntryProto failedEntry) {
        halt.halt(FatalFault.LOG_NOT_WRITTEN, "the log cannot be written: " + cause, cause);
    }

    @Override
    public void notifyLeaderReady() {
        listener.onLeaderReady();
    }

    @Override
    public void notifyLeaderChanged(RaftGroupMemberId member, RaftPeerId leader) {
        counts.leaderChanged();
        listener.onLeaderKnown();
    }

    @Override
    public void notifyNotLeader(Collection<TransactionContext> pendingEntries) {
        listener.onNotLeader();
    }

    @Override
    public void close() {
        getLifeCycle().checkStateAndClose(() -> {
            lock.writeLock().lock();
            try {
                closeState();
            } finally {
                lock.writeLock().unlock();
            }
        });
    }

    private void closeState() {
        StateMachine opened = state;
        state = null;
        if (opened != null) {
            opened.close();
        }
    }
}
