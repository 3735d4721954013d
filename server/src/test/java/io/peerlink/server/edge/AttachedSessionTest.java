package io.peerlink.server.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.peerlink.log.v1.Batch;
import io.peerlink.protocol.v1.ClientFrame;
import io.peerlink.protocol.v1.CursorAck;
import io.peerlink.protocol.v1.Error;
import io.peerlink.protocol.v1.ErrorCode;
import io.peerlink.protocol.v1.RouterFrame;
import io.peerlink.protocol.v1.Subscribe;
import io.peerlink.server.config.ConfigLoader;
import io.peerlink.server.config.ServerConfig;
import io.peerlink.server.dispatch.Dispatcher;
import io.peerlink.server.edge.SessionRegistry.SessionKey;
import io.peerlink.server.raft.CommandLog;
import io.peerlink.server.raft.LinearizableReads;
import io.peerlink.server.submit.CommandBatcher;
import io.peerlink.statemachine.ApplyResult;
import io.peerlink.statemachine.Outcome;
import io.peerlink.statemachine.Rejection;
import io.peerlink.statemachine.StateView;
import io.peerlink.statemachine.StateView.InboxPage;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Cursor acks while one is on its way. What is pushed comes from the test, and the test is the log. */
final class AttachedSessionTest {
    private static final long BOGUS = 1_000_000;

    private final ScheduledExecutorService threads = Executors.newSingleThreadScheduledExecutor();
    private final HeldLog log = new HeldLog();
    private final ServerConfig config = ConfigLoader.load(Optional.empty(), Map.of());
    private final CommandBatcher batcher = new CommandBatcher(log, config.raft(), InstantSource.system(), threads);
    private final RecordedCall<RouterFrame> client = new RecordedCall<>();
    private final AttachedSession session = session();

    private AttachedSession session() {
        Dispatcher dispatcher = new Dispatcher(new NoReads(), Executors.newSingleThreadExecutor());
        // Pushes nothing by itself.
        dispatcher.close();
        EdgeContext context = new EdgeContext(
                config,
                batcher,
                dispatcher,
                new Leadership(Optional::empty, () -> 0L),
                new SessionRegistry(1, new Random(1)),
                new FreeSpace(Path.of("."), 0),
                Runnable::run,
                threads,
                new Random(1));
        FrameMapper mapper = new FrameMapper(config.limits(), () -> false);
        return new AttachedSession(context, mapper, new FrameWriter(client), new SessionKey("bob", 1), () -> {});
    }

    @BeforeEach
    void subscribe() {
        session.onFrame(ClientFrame.newBuilder()
                .setSubscribe(Subscribe.newBuilder().setCredit(1))
                .build());
        session.push(new InboxPage(List.of(), 5, false));
    }

    @AfterEach
    void stopThreads() {
        threads.shutdownNow();
    }

    @Test
    void aBogusAckSwallowsNoHonestOne() {
        ack(3);
        assertThat(nextInLog()).isEqualTo(3);
        ack(BOGUS);
        ack(-1);
        ack(5);

        log.answer(new Outcome.CursorAdvanced(3));

        assertThat(nextInLog()).isEqualTo(5);
        log.answer(new Outcome.CursorAdvanced(5));
        assertThat(nextInLog()).isGreaterThan(BOGUS);
        log.answer(new Outcome.Refused(Rejection.CURSOR_BEYOND_HEAD));
        await().untilAsserted(() -> assertThat(errors()).hasSize(1));
        assertThat(errors().get(0).getCode()).isEqualTo(ErrorCode.CURSOR_BEYOND_HEAD);
        assertThat(errors().get(0).getHint()).isEqualTo("confirm what was delivered");
        assertThat(client.ended).as("the session goes on").isNotDone();
    }

    @Test
    void ofHonestAcksOnlyTheHighestIsProposed() {
        ack(1);
        assertThat(nextInLog()).isEqualTo(1);
        ack(2);
        ack(4);
        ack(3);

        log.answer(new Outcome.CursorAdvanced(1));

        assertThat(nextInLog()).isEqualTo(4);
        log.answer(new Outcome.CursorAdvanced(4));
        ack(5);
        assertThat(nextInLog()).as("nothing else waited").isEqualTo(5);
    }

    @Test
    void whatAnotherStreamMayHaveShownIsForTheLogToJudge() {
        ack(5);
        assertThat(nextInLog()).isEqualTo(5);
        ack(7);

        log.answer(new Outcome.CursorAdvanced(5));

        assertThat(nextInLog()).isEqualTo(7);
    }

    private void ack(long inboxSequence) {
        session.onFrame(ClientFrame.newBuilder()
                .setCursorAck(CursorAck.newBuilder().setInboxSequence(inboxSequence))
                .build());
    }

    /** The cursor in the next entry, once there is one. */
    private long nextInLog() {
        await().until(batcher::appendNext);
        assertThat(log.batch.getCommandsCount()).isOne();
        return log.batch.getCommands(0).getAdvanceCursor().getInboxSequence();
    }

    private List<Error> errors() {
        return client.sent.stream()
                .filter(RouterFrame::hasError)
                .map(RouterFrame::getError)
                .toList();
    }

    /** One entry at a time, applied when the test says so. */
    private static final class HeldLog implements CommandLog {
        private Batch batch = Batch.getDefaultInstance();
        private CompletableFuture<AppendResult> result = new CompletableFuture<>();

        @Override
        public CompletableFuture<AppendResult> append(Batch appended) {
            batch = appended;
            result = new CompletableFuture<>();
            return result;
        }

        void answer(Outcome outcome) {
            result.complete(new AppendResult.Applied(new ApplyResult(List.of(outcome), List.of())));
        }
    }

    private static final class NoReads implements LinearizableReads {
        @Override
        public CompletableFuture<Void> awaitReadIndex() {
            throw new AssertionError("not for acks");
        }

        @Override
        public <T> T read(Function<StateView, T> query) {
            throw new AssertionError("not for acks");
        }
    }
}
