package io.peerlink.statemachine;

import static io.peerlink.statemachine.Commands.joinGroup;
import static io.peerlink.statemachine.Commands.requests;
import static io.peerlink.statemachine.Commands.send;
import static io.peerlink.statemachine.Scenario.TTL_MS;
import static io.peerlink.statemachine.Scenario.refused;
import static io.peerlink.statemachine.Scenario.results;
import static org.assertj.core.api.Assertions.assertThat;

import io.peerlink.log.v1.Request;
import io.peerlink.statemachine.Outcome.RequestResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which outcomes are there for those who ask again, and where: a few in the incarnation's row, the rest in rows of their own. */
final class KeptOutcomesTest {
    @TempDir
    Path directory;

    private Scenario scenario;

    @BeforeEach
    void openMachine() {
        scenario = new Scenario(directory);
    }

    @AfterEach
    void closeMachine() {
        scenario.close();
    }

    @Test
    void outcomesDoNotStayForWhoNeverSaysWhatIsSettled() {
        scenario.peers("alice", "bob");
        Request many = Commands.joined(Collections.nCopies(1_000, send("bob", "x", TTL_MS)))
                .orElseThrow();
        for (int i = 0; i < 105; i++) {
            scenario.one(requests("alice", 1, 1 + i * 1_000L, 1, List.of(many)));
        }
        List<Request> again = List.of(send("bob", "x", TTL_MS));

        assertThat(results(scenario.one(requests("alice", 1, 4_000, 1, again))))
                .containsExactly(refused(Rejection.SEQUENCE_FORGOTTEN));
        assertThat(results(scenario.one(requests("alice", 1, 5_001, 1, again))))
                .hasOnlyElementsOfType(RequestResult.Sent.class);
        assertThat(scenario.view().inboxState("bob").orElseThrow().head()).isEqualTo(105_000);
    }

    /** However many one entry brings, and whatever of them is settled when: each is answered as it was the first time. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 8, 9, 20})
    void repeatsAreAnsweredAlikeWhereverTheirOutcomesStand(int step) {
        scenario.peers("alice", "bob");
        Map<Long, RequestResult> first = new TreeMap<>();
        Map<Long, Request> asked = new TreeMap<>();
        long next = 1;
        for (int round = 0; round < 12; round++) {
            List<Request> some = new ArrayList<>();
            for (int i = 0; i < 1 + (round * step) % 11; i++) {
                some.add(i % 3 == 2 ? joinGroup("nobody") : send("bob", "m" + (next + i), TTL_MS));
            }
            long lowest = Math.max(1, next - step);
            List<RequestResult> told = results(scenario.one(requests("alice", 1, next, lowest, some)));
            for (int i = 0; i < told.size(); i++) {
                first.put(next + i, told.get(i));
                asked.put(next + i, some.get(i));
            }
            next += some.size();
            for (long sequence = lowest; sequence < next; sequence++) {
                assertThat(results(scenario.one(requests(
                                "alice", 1, sequence, lowest, List.of(Objects.requireNonNull(asked.get(sequence)))))))
                        .as("sequence %d after round %d", sequence, round)
                        .containsExactly(first.get(sequence));
            }
        }
    }
}
