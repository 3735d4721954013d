package io.peerlink.statemachine;

import static io.peerlink.statemachine.Commands.requests;
import static io.peerlink.statemachine.Commands.send;
import static io.peerlink.statemachine.Scenario.TTL_MS;
import static io.peerlink.statemachine.Scenario.refused;
import static io.peerlink.statemachine.Scenario.results;
import static org.assertj.core.api.Assertions.assertThat;

import io.peerlink.log.v1.Batch;
import io.peerlink.log.v1.Request;
import io.peerlink.statemachine.Outcome.RequestResult;
import io.peerlink.statemachine.snapshot.Checkpoint;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that come again long after, and sequences that nobody counts up to. */
final class RepeatTest {
    private static final int OTHERS = 1_025;

    @TempDir
    Path directory;

    private Scenario scenario;

    @BeforeEach
    void openMachine() {
        scenario = new Scenario(directory).peers("alice", "bob");
    }

    @AfterEach
    void closeMachine() {
        scenario.close();
    }

    @Test
    void hasTheFirstOutcomeAlsoAfterManyOthers() {
        Request first = send("bob", "first", TTL_MS);
        RequestResult outcome = scenario.askOne("alice", first);
        for (int i = 0; i < OTHERS; i++) {
            scenario.ask("alice", send(i % 2 == 0 ? "bob" : "nobody", "other", TTL_MS));
        }

        assertThat(again(first)).isEqualTo(outcome);
        assertThat(Collections.frequency(scenario.bodies("bob"), "first")).isOne();
    }

    @Test
    void hasTheFirstOutcomeThoughTheSenderHasLeftTheGroup() {
        scenario.ask("bob", Commands.createGroup("team"));
        scenario.ask("alice", Commands.joinGroup("team"));
        Request toTeam = send("team", "before I left", TTL_MS);
        RequestResult outcome = scenario.askOne("alice", toTeam);
        scenario.ask("alice", Commands.leaveGroup("team"));

        assertThat(results(scenario.one(requests("alice", 1, 2, 0, List.of(toTeam)))))
                .containsExactly(outcome);
        assertThat(scenario.bodies("bob")).containsExactly("before I left");
    }

    @Test
    void hasTheFirstOutcomeAfterACheckpointWasRestored() {
        Request first = send("bob", "once", TTL_MS);
        RequestResult outcome = scenario.askOne("alice", first);
        LogPosition position = scenario.view().applied();
        Checkpoint checkpoint = scenario.machine.checkpoint(directory.resolve("checkpoints"), position);

        try (StateMachine restored = StateMachine.open(directory.resolve("restored"), checkpoint)) {
            ApplyResult result = restored.apply(
                    new LogPosition(position.term() + 1, position.index() + 1),
                    Batch.newBuilder()
                            .setFormat(3)
                            .addCommands(requests("alice", 1, 1, 0, List.of(first)))
                            .build());

            assertThat(results(result.outcomes().get(0))).containsExactly(outcome);
            assertThat(restored.view().inboxState("bob").orElseThrow().head()).isOne();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {2, Integer.MAX_VALUE, Long.MAX_VALUE, Long.MIN_VALUE, -1})
    void isRefusedBehindAHoleHoweverFar(long sequence) {
        assertThat(results(scenario.one(requests("alice", 1, sequence, 0, List.of(send("bob", "x", TTL_MS))))))
                .containsExactly(refused(Rejection.SEQUENCE_GAP));
        assertThat(scenario.bodies("bob")).isEmpty();
    }

    @Test
    void countsRoundAtTheEndOfTheNumbers() {
        Request request = send("bob", "x", TTL_MS);

        List<RequestResult> results =
                results(scenario.one(requests("alice", 1, -1, 0, List.of(request, request, request))));

        assertThat(results)
                .startsWith(refused(Rejection.SEQUENCE_GAP), refused(Rejection.SEQUENCE_FORGOTTEN))
                .endsWith(new RequestResult.Sent("alice~bob", 1, scenario.timeMs, 1));
    }

    @Test
    void isNotForAnIncarnationOfAnotherPeer() {
        scenario.one(Commands.open("bob", Commands.key("bob"), 0));

        assertThat(scenario.one(requests("alice", 2, 1, 0, List.of(send("bob", "x", TTL_MS)))))
                .isEqualTo(new Outcome.Refused(Rejection.UNKNOWN_INCARNATION));
        assertThat(scenario.one(Commands.open("alice", Commands.key("alice"), 2)))
                .isEqualTo(new Outcome.Refused(Rejection.UNKNOWN_INCARNATION));
    }

    /** A leader whose clock stands in 1970, in 2038 or at the end of time is believed, never followed back. */
    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -1, 0, 1L << 31, (1L << 31) * 1_000, Long.MAX_VALUE / 4})
    void isDatedByAClockThatNeverGoesBack(long timeMs) {
        long before = scenario.timeMs;
        scenario.timeMs = timeMs - 1;

        assertThat(scenario.askOne("alice", send("bob", "x", TTL_MS)))
                .isEqualTo(new RequestResult.Sent("alice~bob", 1, Math.max(before, timeMs), 1));
        scenario.timeMs = before;
        scenario.tick();

        assertThat(scenario.bodies("bob")).containsExactly("x");
    }

    private RequestResult again(Request request) {
        return results(scenario.one(requests("alice", 1, 1, 0, List.of(request))))
                .get(0);
    }
}
