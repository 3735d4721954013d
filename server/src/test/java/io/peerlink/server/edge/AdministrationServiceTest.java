package io.peerlink.server.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.peerlink.log.v1.Batch;
import io.peerlink.protocol.v1.BackupPart;
import io.peerlink.protocol.v1.BackupRequest;
import io.peerlink.server.audit.AuditLog;
import io.peerlink.server.config.ConfigLoader;
import io.peerlink.server.config.OperatorList;
import io.peerlink.server.config.ServerConfig;
import io.peerlink.server.dispatch.Dispatcher;
import io.peerlink.server.identity.DataDirectory;
import io.peerlink.server.metrics.EdgeMeters;
import io.peerlink.server.raft.CommandLog;
import io.peerlink.server.raft.LinearizableReads;
import io.peerlink.server.raft.LogUnavailableException;
import io.peerlink.server.raft.MembershipStandIn;
import io.peerlink.server.raft.NotLeaderException;
import io.peerlink.server.raft.RouterStatus;
import io.peerlink.server.submit.CommandBatcher;
import io.peerlink.statemachine.LogPosition;
import io.peerlink.statemachine.StateMachine;
import io.peerlink.statemachine.StateView;
import io.peerlink.statemachine.snapshot.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups, on the test's thread up to the sending: what did not happen when the call returns waits for the proof. */
final class AdministrationServiceTest {
    private static final LogPosition POSITION = new LogPosition(3, 7);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    private final Proof proof = new Proof();
    private final AtomicInteger checkpoints = new AtomicInteger();
    private final RecordedCall<BackupPart> operator = new RecordedCall<>();
    private final Leadership leadership = new Leadership(() -> Optional.of("10.0.0.2:7401"), () -> 0L);
    private final ScheduledExecutorService threads = Executors.newSingleThreadScheduledExecutor();

    @BeforeEach
    void lead() {
        leadership.gained(3);
    }

    @AfterEach
    void stopThreads() {
        threads.shutdownNow();
    }

    @Test
    void aBackupWaitsForTheReadIndex() throws IOException {
        backup(false);

        assertThat(proof.asked).hasValue(1);
        assertThat(checkpoints)
                .as("an older checkpoint may lack what was acknowledged since")
                .hasValue(0);
        assertThat(operator.sent).isEmpty();
        proof.answer.complete(null);
        assertThat(checkpoints).hasValue(1);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(operator.ended).isCompleted());
        assertThat(operator.sent.get(0).getHeader().getIndex()).isEqualTo(POSITION.index());
    }

    @Test
    void aDeposedLeaderSendsTheOperatorToTheNextOne() throws Exception {
        backup(false);

        proof.answer.completeExceptionally(new NotLeaderException(Optional.of("10.0.0.2:7401")));

        assertRefused(Status.Code.UNAVAILABLE, "NOT_LEADER", "connect there");
        assertThat(info().getMetadataMap()).containsEntry("leader_address", "10.0.0.2:7401");
    }

    @Test
    void aLeaderThatCannotProveItselfAsksToTryAgain() throws Exception {
        backup(false);

        proof.answer.completeExceptionally(new LogUnavailableException("no majority"));

        assertRefused(Status.Code.UNAVAILABLE, "SHUTTING_DOWN", "try again");
    }

    @Test
    void aFollowerIsNotEvenAskedForTheProof() throws Exception {
        leadership.lost();
        backup(false);

        assertThat(proof.asked).hasValue(0);
        assertRefused(Status.Code.UNAVAILABLE, "NOT_LEADER", "connect there");
    }

    @Test
    void aBackupThatMayLagWaitsForNothing() throws IOException {
        leadership.lost();
        backup(true);

        assertThat(checkpoints).hasValue(1);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(operator.ended).isCompleted());
        assertThat(proof.asked).hasValue(0);
    }

    private void assertRefused(Status.Code status, String code, String hint) throws Exception {
        assertThat(checkpoints).hasValue(0);
        assertThat(operator.sent).isEmpty();
        assertThat(Status.fromThrowable(operator.failure()).getCode()).isEqualTo(status);
        assertThat(info().getReason()).isEqualTo(code);
        assertThat(info().getMetadataMap()).containsEntry("hint", hint).containsEntry("retryable", "true");
    }

    private ErrorInfo info() throws InvalidProtocolBufferException {
        com.google.rpc.Status told = StatusProto.fromThrowable(operator.failure());
        assertThat(told).isNotNull();
        return told.getDetails(0).unpack(ErrorInfo.class);
    }

    private void backup(boolean mayLag) throws IOException {
        Path file = Files.writeString(directory.resolve("n1.conf"), """
                peerlink {
                  cluster-id = acme
                  router-id = n1
                  data-dir = "%s/data"
                  routers = [{ id = n1, client = "127.0.0.1:1", raft = "127.0.0.1:11" }]
                }
                """.formatted(directory));
        ServerConfig config = ConfigLoader.load(Optional.of(file), Map.of());
        DataDirectory data = DataDirectory.open(config.dataDir(), "acme", "n1", false);
        data.claim();
        Checkpoint newest;
        try (StateMachine machine = StateMachine.open(directory.resolve("live"), null)) {
            machine.apply(POSITION, Batch.newBuilder().setFormat(2).build());
            newest = machine.checkpoint(directory.resolve("checkpoints"), POSITION);
        }
        AuditLog audit = AuditLog.open(directory, 1_000_000, InstantSource.system(), new SameThread());
        ClusterAccess cluster = new ClusterAccess(
                proof,
                AdministrationServiceTest::status,
                MembershipStandIn.makingCheckpoints(checkpoints::incrementAndGet),
                data,
                () -> Optional.of(newest),
                () -> new RouterLoad(0, 0, 0, 0, 0),
                new RouterCalls(Optional.empty()),
                OperatorList.of(config),
                audit);
        new AdministrationService(
                        context(config),
                        cluster,
                        new OperatorGate(
                                config,
                                OperatorList.of(config),
                                audit,
                                new Random(1),
                                new EdgeMeters(new SimpleMeterRegistry())))
                .backup(BackupRequest.newBuilder().setMayLag(mayLag).build(), operator);
    }

    private EdgeContext context(ServerConfig config) {
        CommandLog log = batch -> new CompletableFuture<>();
        return new EdgeContext(
                config,
                new CommandBatcher(log, config.raft(), InstantSource.system(), threads),
                new Dispatcher(proof, threads),
                leadership,
                new SessionRegistry(config.limits(), new Random(1)),
                ClientLimits.of(config, proof),
                new FreeSpace(directory, 0),
                new EdgeMeters(new SimpleMeterRegistry()),
                Runnable::run,
                Runnable::run,
                threads,
                new Random(1));
    }

    private static RouterStatus status() {
        throw new AssertionError("a backup asks for nothing of the sort");
    }

    /** Proves nothing until the test says so. */
    private static final class Proof implements LinearizableReads {
        private final CompletableFuture<Void> answer = new CompletableFuture<>();
        private final AtomicInteger asked = new AtomicInteger();

        @Override
        public CompletableFuture<Void> awaitReadIndex() {
            asked.incrementAndGet();
            return answer;
        }

        @Override
        public <T> T read(Function<StateView, T> query) {
            throw new AssertionError("a backup reads a checkpoint");
        }
    }

    /** Runs what it is given at once. */
    private static final class SameThread extends AbstractExecutorService {
        @Override
        public void execute(Runnable task) {
            task.run();
        }

        @Override
        public void shutdown() {}

        @Override
        public List<Runnable> shutdownNow() {
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return false;
        }

        @Override
        public boolean isTerminated() {
            return true;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return true;
        }
    }
}
