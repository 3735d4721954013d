package io.peerlink.server.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.github.bucket4j.TimeMeter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.peerlink.log.v1.Batch;
import io.peerlink.protocol.v1.Error;
import io.peerlink.protocol.v1.RouterFrame;
import io.peerlink.server.config.ConfigLoader;
import io.peerlink.server.config.ServerConfig;
import io.peerlink.server.dispatch.Dispatcher;
import io.peerlink.server.metrics.EdgeMeters;
import io.peerlink.server.raft.CommandLog;
import io.peerlink.server.raft.LinearizableReads;
import io.peerlink.server.submit.CommandBatcher;
import io.peerlink.statemachine.ApplyResult;
import io.peerlink.statemachine.Outcome;
import io.peerlink.statemachine.StateView;
import io.peerlink.statemachine.StateView.PeerKeysView;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;

/** One stream of a router whose log and deliveries are the test's. */
abstract class EdgeFixture {
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ScheduledExecutorService threads = Executors.newSingleThreadScheduledExecutor();
    final HeldLog log = new HeldLog();
    final ServerConfig config = ConfigLoader.load(
            Optional.empty(),
            Map.of(
                    "PEERLINK_LIMITS_SESSIONS",
                    "1",
                    "PEERLINK_LIMITS_SENDS_PER_SECOND",
                    "100",
                    "PEERLINK_LIMITS_DELIVERIES_PER_SECOND",
                    "500",
                    "PEERLINK_LIMITS_REGISTRATIONS_PER_SECOND",
                    "1",
                    "PEERLINK_LIMITS_SESSIONS_PER_SECOND",
                    "1"));
    /** What the peers' allowances go by. */
    final HandClock clock = new HandClock();
    /** Who is registered, says the state. */
    final Registered registered = new Registered();
    /** Entries leave when the test says so. */
    final CommandBatcher batcher = new CommandBatcher(log, config.raft(), InstantSource.system(), threads);

    final AtomicReference<Optional<String>> otherLeader = new AtomicReference<>(Optional.empty());
    final Leadership leadership = new Leadership(otherLeader::get, () -> 0L);
    final RecordedCall<RouterFrame> client = new RecordedCall<>();
    final FrameMapper mapper = new FrameMapper(config, () -> false);
    final EdgeContext context = new EdgeContext(
            config,
            batcher,
            noDeliveries(),
            leadership,
            new SessionRegistry(config.limits(), new Random(1)),
            new ClientLimits(
                    new SendAllowances(config.limits(), clock),
                    new ConnectionCounts(config.connections()),
                    new AttachRates(config.limits(), registered, clock)),
            new FreeSpace(Path.of("."), 0),
            new EdgeMeters(meters),
            Runnable::run,
            Runnable::run,
            threads,
            new Random(1));

    private static Dispatcher noDeliveries() {
        Dispatcher dispatcher = new Dispatcher(new NoReads(), Executors.newSingleThreadExecutor());
        dispatcher.close();
        return dispatcher;
    }

    @AfterEach
    void stopThreads() {
        threads.shutdownNow();
    }

    /** Returns when whoever waited for what was applied has been told. */
    void awaitReplies() throws Exception {
        threads.submit(() -> {}).get();
    }

    List<Error> errors() {
        return client.sent.stream()
                .filter(RouterFrame::hasError)
                .map(RouterFrame::getError)
                .toList();
    }

    /** Stands until the test moves it. */
    static final class HandClock implements TimeMeter {
        private final AtomicLong nanos = new AtomicLong();

        void advance(Duration by) {
            nanos.addAndGet(by.toNanos());
        }

        @Override
        public long currentTimeNanos() {
            return nanos.get();
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    }

    /** One entry at a time, applied when the test says so. */
    static final class HeldLog implements CommandLog {
        private Batch batch = Batch.getDefaultInstance();
        private CompletableFuture<AppendResult> result = new CompletableFuture<>();

        @Override
        public CompletableFuture<AppendResult> append(Batch appended) {
            batch = appended;
            result = new CompletableFuture<>();
            return result;
        }

        /** The last entry. */
        Batch batch() {
            return batch;
        }

        /** Applies it. */
        void answer(Outcome... outcomes) {
            result.complete(new AppendResult.Applied(new ApplyResult(List.of(outcomes), List.of())));
        }
    }

    /** Knows peers' keys and nothing else. */
    static final class Registered implements LinearizableReads {
        final Map<String, ByteString> keys = new HashMap<>();

        @Override
        public CompletableFuture<Void> awaitReadIndex() {
            throw new AssertionError("what is applied is enough");
        }

        @Override
        public <T> T read(Function<StateView, T> query) {
            return query.apply((StateView) Proxy.newProxyInstance(
                    StateView.class.getClassLoader(), new Class<?>[] {StateView.class}, (view, method, arguments) -> {
                        assertThat(method.getName()).isEqualTo("peerKeys");
                        return Optional.ofNullable(keys.get(arguments[0]))
                                .map(key -> new PeerKeysView(key, ByteString.EMPTY, ByteString.EMPTY));
                    }));
        }
    }

    private static final class NoReads implements LinearizableReads {
        @Override
        public CompletableFuture<Void> awaitReadIndex() {
            throw new AssertionError("nothing is read");
        }

        @Override
        public <T> T read(Function<StateView, T> query) {
            throw new AssertionError("nothing is read");
        }
    }
}
