package io.peerlink.server.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.peerlink.log.v1.AdvanceCursor;
import io.peerlink.log.v1.Batch;
import io.peerlink.log.v1.Command;
import io.peerlink.server.config.ConfigLoader;
import io.peerlink.server.config.ServerConfig;
import io.peerlink.server.raft.CommandLog;
import io.peerlink.server.submit.CommandBatcher.Submission;
import io.peerlink.statemachine.ApplyResult;
import io.peerlink.statemachine.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class CommandBatcherTest {
    private static final Instant NOW = Instant.ofEpochMilli(1_234_567);
    private static final String PEER = "p";

    private final HeldLog log = new HeldLog();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private CommandBatcher batcher = batcher(Map.of("PEERLINK_RAFT_BATCHES_IN_FLIGHT", "2"));

    @AfterEach
    void close() {
        batcher.close();
    }

    @Test
    void idleBatcherSendsABatchOfOneAtOnce() {
        batcher.submit(PEER, command(1), new Told(1));

        await().untilAsserted(() -> assertThat(log.sizes()).containsExactly(1));
        assertThat(log.batches.peek().getTimeMs()).isEqualTo(NOW.toEpochMilli());
        assertThat(log.batches.peek().getFormat()).isEqualTo(CommandBatcher.BATCH_FORMAT);
    }

    @Test
    void aFewWaitForWhatIsUnderWay() {
        batcher.submit(PEER, command(1), new Told(1));
        await().untilAsserted(() -> assertThat(log.sizes()).containsExactly(1));
        batcher.submit(PEER, command(2), new Told(2));
        batcher.submit(PEER, command(3), new Told(3));
        assertThat(batcher.appendNext()).isFalse();

        log.completeNext();

        await().untilAsserted(() -> assertThat(log.sizes()).containsExactly(1, 2));
    }

    @Test
    void manyGoBesideWhatIsUnderWay() {
        batcher.submit(PEER, command(1), new Told(1));
        await().untilAsserted(() -> assertThat(log.sizes()).containsExactly(1));
        batcher.submit(PEER, command(2), new Told(2));
        batcher.submit(PEER, large(CommandBatcher.COMPANY_BYTES), new Told(3));

        await().untilAsserted(() -> assertThat(log.sizes()).containsExactly(1, 2));
    }

    @Test
    void commandsPileUpWhileTheWindowIsFull() {
        fillWindow();
        for (int number = 3; number <= 12; number++) {
            batcher.submit(PEER, command(number), new Told(number));
        }
        batcher.submit(PEER, large(CommandBatcher.COMPANY_BYTES), new Told(13));
        assertThat(batcher.appendNext()).isFalse();
        assertThat(log.sizes()).containsExactly(1, 1);

        log.completeNext();

        await().untilAsserted(() -> assertThat(log.sizes()).containsExactly(1, 1, 11));
        log.completeNext();
        log.completeNext();
        await().untilAsserted(() ->
                assertThat(told).containsExactly("1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13"));
    }

    @Test
    void batchIsClosedAtItsLimitOfCommands() {
        batcher.close();
        batcher = batcher(Map.of("PEERLINK_RAFT_BATCHES_IN_FLIGHT", "2", "PEERLINK_RAFT_BATCH_COMMANDS", "4"));
        fillWindow();
        for (int number = 3; number <= 12; number++) {
            batcher.submit(PEER, command(number), new Told(number));
        }

        log.completeNext();
        log.completeNext();

        await().untilAsserted(() -> assertThat(log.sizes()).containsExactly(1, 1, 4, 4));
    }

    @Test
    void goesOnWhenNothingArrives() {
        batcher.close();
        batcher = batcher(Map.of("PEERLINK_RAFT_BATCHES_IN_FLIGHT", "1"), Duration.ofMillis(10));
        batcher.submit(PEER, command(1), new Told(1));
        await().untilAsserted(() -> assertThat(log.sizes()).as("empty ones").startsWith(1, 0, 0));

        batcher.submit(PEER, command(2), new Told(2));

        await("one beyond the window")
                .until(() -> log.sizes().stream().filter(size -> size == 1).count() == 2);
        assertThat(told).isEmpty();
        await().until(() -> {
            log.completeNext();
            return told.equals(List.of("1", "2"));
        });
    }

    @Test
    void whatBelongsTogetherIsNeverSplit() {
        batcher.close();
        batcher = batcher(Map.of("PEERLINK_RAFT_BATCHES_IN_FLIGHT", "2", "PEERLINK_RAFT_BATCH_COMMANDS", "4"));
        fillWindow();
        for (int number = 3; number <= 5; number++) {
            batcher.submit(PEER, command(number), new Told(number));
        }
        batcher.submit(PEER, List.of(new Submission(command(6), new Told(6)), new Submission(command(7), new Told(7))));
        batcher.submit(PEER, command(8), new Told(8));

        log.completeNext();
        log.completeNext();

        await().untilAsserted(() -> assertThat(log.sizes()).containsExactly(1, 1, 5));
        log.completeNext();
        await().untilAsserted(() -> assertThat(log.sizes()).containsExactly(1, 1, 5, 1));
    }

    @Test
    void batchIsClosedAtItsLimitOfBytes() {
        batcher.close();
        batcher = batcher(Map.of("PEERLINK_RAFT_BATCHES_IN_FLIGHT", "2", "PEERLINK_RAFT_BATCH_BYTES", "1024"));
        fillWindow();
        for (int number = 3; number <= 14; number++) {
            batcher.submit(PEER, command(number), new Told(number));
        }

        log.completeNext();
        log.completeNext();

        await().untilAsserted(() -> assertThat(log.sizes()).hasSize(4));
        assertThat(log.sizes().get(2)).isBetween(2, 6);
    }

    @Test
    void unknownResultReachesEveryCommandOfTheBatch() {
        batcher.submit(PEER, command(1), new Told(1));
        await().untilAsserted(() -> assertThat(log.sizes()).hasSize(1));

        log.results.remove().complete(new CommandLog.AppendResult.Unknown("gone", Optional.of("other:1")));

        await().untilAsserted(() -> assertThat(told).containsExactly("1 unknown gone other:1"));
    }

    @Test
    void readersWaitForRoomAndAreWokenWhenItComes() {
        batcher.close();
        batcher = batcher(Map.of("PEERLINK_RAFT_BATCHES_IN_FLIGHT", "1", "PEERLINK_RAFT_WAITING_BYTES", "1 MiB"));
        AtomicInteger reads = new AtomicInteger();
        batcher.submit(PEER, large(1_200_000), new Told(1));
        await().untilAsserted(() -> assertThat(log.sizes()).hasSize(1));

        batcher.whenRoom(PEER, reads::incrementAndGet);
        assertThat(reads).hasValue(0);
        log.completeNext();

        await().untilAsserted(() -> assertThat(reads).hasValue(1));
        batcher.whenRoom(PEER, reads::incrementAndGet);
        assertThat(reads).hasValue(2);
    }

    @Test
    void whoFloodsTheRouterIsReadNoFurtherAndOthersAre() {
        batcher.close();
        batcher = batcher(Map.of("PEERLINK_RAFT_WAITING_BYTES", "1 MiB"));
        AtomicInteger reads = new AtomicInteger();
        batcher.submit(PEER, large(600_000), new Told(1));
        await().untilAsserted(() -> assertThat(log.sizes()).hasSize(1));

        batcher.whenRoom(PEER, reads::incrementAndGet);
        assertThat(reads).as("has more than is free").hasValue(0);
        batcher.whenRoom("other", reads::incrementAndGet);
        assertThat(reads).hasValue(1);
        log.completeNext();

        await().untilAsserted(() -> assertThat(reads).hasValue(2));
    }

    @Test
    void closingTellsWaitingCommandsThatTheirOutcomeIsUnknown() {
        fillWindow();
        batcher.submit(PEER, command(3), new Told(3));

        batcher.close();

        await().untilAsserted(() -> assertThat(told).containsExactly("3 unknown the router is going down "));
        batcher.submit(PEER, command(4), new Told(4));
        assertThat(told).hasSize(2);
    }

    private void fillWindow() {
        batcher.submit(PEER, command(1), new Told(1));
        await().untilAsserted(() -> assertThat(log.sizes()).hasSize(1));
        batcher.submit(PEER, large(CommandBatcher.COMPANY_BYTES), new Told(2));
        await().untilAsserted(() -> assertThat(log.sizes()).hasSize(2));
    }

    private CommandBatcher batcher(Map<String, String> environment) {
        return batcher(environment, Duration.ofHours(1));
    }

    private CommandBatcher batcher(Map<String, String> environment, Duration patience) {
        ServerConfig config = ConfigLoader.load(Optional.empty(), environment);
        CommandBatcher started = new CommandBatcher(log, config.raft(), () -> NOW);
        started.start(patience);
        return started;
    }

    private static Command command(long number) {
        return Command.newBuilder()
                .setAdvanceCursor(AdvanceCursor.newBuilder().setPeer("p").setInboxSequence(number))
                .build();
    }

    private static Command large(int bytes) {
        return Command.newBuilder()
                .setAdvanceCursor(AdvanceCursor.newBuilder().setPeer("p".repeat(bytes)))
                .build();
    }

    /** A log that applies only when told to. */
    private static final class HeldLog implements CommandLog {
        private final ConcurrentLinkedQueue<Batch> batches = new ConcurrentLinkedQueue<>();
        private final ConcurrentLinkedQueue<CompletableFuture<AppendResult>> results = new ConcurrentLinkedQueue<>();
        private final ConcurrentLinkedQueue<Batch> open = new ConcurrentLinkedQueue<>();

        @Override
        public CompletableFuture<AppendResult> append(Batch batch) {
            CompletableFuture<AppendResult> result = new CompletableFuture<>();
            results.add(result);
            open.add(batch);
            batches.add(batch);
            return result;
        }

        private List<Integer> sizes() {
            return batches.stream().map(Batch::getCommandsCount).toList();
        }

        private void completeNext() {
            await().until(() -> !results.isEmpty());
            List<Outcome> outcomes = new ArrayList<>();
            for (Command command : open.remove().getCommandsList()) {
                outcomes.add(
                        new Outcome.CursorAdvanced(command.getAdvanceCursor().getInboxSequence()));
            }
            results.remove().complete(new AppendResult.Applied(new ApplyResult(outcomes, List.of())));
        }
    }

    private final class Told implements OutcomeListener {
        private final int number;

        private Told(int number) {
            this.number = number;
        }

        @Override
        public void onOutcome(Outcome outcome) {
            told.add(String.valueOf(number));
        }

        @Override
        public void onUnknown(String reason, Optional<String> leaderAddress) {
            told.add(number + " unknown " + reason + " " + leaderAddress.orElse(""));
        }
    }
}
