package io.peerlink.statemachine;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerlink.log.v1.Batch;
import io.peerlink.statemachine.Outcome.RequestRun;
import io.peerlink.statemachine.snapshot.Checkpoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random lives of a cluster against the model, then the same log replayed. {@code -Dpeerlink.seed=N} lives one of them
 * again.
 */
final class ModelTest {
    private static final long LIVES = 60;
    private static final int BATCHES = 300;
    private static final int BATCHES_BETWEEN_LOOKS = 40;

    @TempDir
    Path directory;

    @TestFactory
    List<DynamicTest> behavesAsTheModelAndReplaysToTheSameTables() {
        Long only = Long.getLong("peerlink.seed");
        LongStream seeds = only == null ? LongStream.rangeClosed(1, LIVES) : LongStream.of(only);
        return seeds.mapToObj(seed -> DynamicTest.dynamicTest("-Dpeerlink.seed=" + seed, () -> live(seed)))
                .toList();
    }

    private void live(long seed) {
        Path home = directory.resolve(Long.toString(seed));
        Model model = new Model();
        Generator generator = new Generator(seed, model);
        int checkpointAt = new Random(seed).nextInt(BATCHES);
        List<Batch> log = new ArrayList<>();
        StateDigest digest;
        Checkpoint checkpoint = null;
        try (StateMachine machine = StateMachine.open(home.resolve("live"), null)) {
            ModelComparison comparison = new ModelComparison(model, machine.view());
            for (int i = 0; i < BATCHES; i++) {
                Batch batch = generator.batch();
                log.add(batch);
                ApplyResult result = machine.apply(position(i), batch);
                ApplyResult expected = model.apply(batch);
                assertThat(unrolled(result, batch)).as("batch %d", i).isEqualTo(unrolled(expected, batch));
                if (i % BATCHES_BETWEEN_LOOKS == 0 || i == BATCHES - 1) {
                    comparison.compareAll();
                }
                if (i == checkpointAt) {
                    checkpoint = machine.checkpoint(home.resolve("checkpoints"), position(i));
                }
            }
            digest = machine.view().digest();
        }
        assertThat(replay(home.resolve("replay"), null, log, 0)).isEqualTo(digest);
        assertThat(checkpoint).isNotNull();
        if (checkpoint != null) {
            checkpoint.verify();
            assertThat(replay(home.resolve("restored"), checkpoint, log, checkpointAt + 1))
                    .isEqualTo(digest);
        }
    }

    private static StateDigest replay(Path live, @Nullable Checkpoint checkpoint, List<Batch> log, int from) {
        try (StateMachine machine = StateMachine.open(live, checkpoint)) {
            for (int i = from; i < log.size(); i++) {
                machine.apply(position(i), log.get(i));
            }
            return machine.view().digest();
        }
    }

    private static LogPosition position(int index) {
        return new LogPosition(1 + index / 50, index);
    }

    /** One run per request, and bounded ticks (which the model does not know) without their answer. */
    private static ApplyResult unrolled(ApplyResult result, Batch batch) {
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < result.outcomes().size(); i++) {
            Outcome outcome = result.outcomes().get(i);
            boolean bounded = batch.getCommands(i).hasTick()
                    && batch.getCommands(i).getTick().getRowsMax() < Integer.MAX_VALUE;
            if (outcome instanceof Outcome.Settled settled) {
                List<RequestRun> runs = new ArrayList<>();
                settled.runs().forEach(run -> unroll(run, runs));
                outcomes.add(new Outcome.Settled(runs));
            } else {
                outcomes.add(bounded ? new Outcome.Ticked(false) : outcome);
            }
        }
        return new ApplyResult(outcomes, result.effects());
    }

    private static void unroll(RequestRun run, List<RequestRun> runs) {
        for (int i = 0; i < run.count(); i++) {
            Outcome.RequestResult result = run.result();
            if (result instanceof Outcome.RequestResult.Sent sent) {
                result = new Outcome.RequestResult.Sent(
                        sent.conversation(), sent.firstMessageSequence() + i, sent.sentAtMs(), sent.recipients());
            }
            runs.add(new RequestRun(run.firstSequence() + i, 1, result));
        }
    }
}
