package io.peerlink.statemachine;

import static io.peerlink.statemachine.Commands.advance;
import static io.peerlink.statemachine.Commands.key;
import static io.peerlink.statemachine.Commands.open;
import static io.peerlink.statemachine.Commands.register;
import static io.peerlink.statemachine.Commands.requests;
import static io.peerlink.statemachine.Commands.send;
import static io.peerlink.statemachine.Commands.tick;
import static io.peerlink.statemachine.Scenario.TTL_MS;
import static io.peerlink.statemachine.Scenario.refused;
import static io.peerlink.statemachine.Scenario.results;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.peerlink.log.v1.Batch;
import io.peerlink.log.v1.Command;
import io.peerlink.log.v1.Request;
import io.peerlink.statemachine.Outcome.RequestResult;
import io.peerlink.statemachine.StateView.PeerKeysView;
import io.peerlink.statemachine.state.SessionLedger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names, incarnations and the numbering of requests. */
final class SessionTest {
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
    void keepsNameForTheFirstKey() {
        assertThat(scenario.one(register("alice", key("alice")))).isEqualTo(new Outcome.Registered(true));
        assertThat(scenario.one(register("alice", key("alice")))).isEqualTo(new Outcome.Registered(false));
        assertThat(scenario.one(register("alice", key("thief")))).isEqualTo(new Outcome.Refused(Rejection.NAME_TAKEN));
    }

    @Test
    void refusesPeerNameThatAGroupHas() {
        scenario.peers("alice").ask("alice", Commands.createGroup("team"));

        assertThat(scenario.one(register("team", key("team")))).isEqualTo(new Outcome.Refused(Rejection.NAME_TAKEN));
    }

    @Test
    void refusesNamesThatWouldBreakKeys() {
        assertThat(scenario.one(register("", key("a")))).isEqualTo(new Outcome.Refused(Rejection.BAD_NAME));
        assertThat(scenario.one(register("a\0b", key("a")))).isEqualTo(new Outcome.Refused(Rejection.BAD_NAME));
        assertThat(scenario.one(register("a~b", key("a")))).isEqualTo(new Outcome.Refused(Rejection.BAD_NAME));
        scenario.peers("alice");
        assertThat(scenario.askOne("alice", Commands.createGroup("a~b"))).isEqualTo(refused(Rejection.BAD_NAME));
    }

    @Test
    void opensSessionsOnlyForTheRegisteredKey() {
        assertThat(scenario.one(open("alice", key("alice"), 0)))
                .isEqualTo(new Outcome.Refused(Rejection.NOT_REGISTERED));
        scenario.one(register("alice", key("alice")));
        assertThat(scenario.one(open("alice", key("thief"), 0))).isEqualTo(new Outcome.Refused(Rejection.WRONG_KEY));
        assertThat(scenario.one(open("alice", key("alice"), 7)))
                .isEqualTo(new Outcome.Refused(Rejection.UNKNOWN_INCARNATION));
    }

    @Test
    void keepsTheLastEncryptionKeyThatAPeerPublishedBesideItsOwn() {
        scenario.peers("alice", "bob");
        assertThat(scenario.view().peerKeys("alice"))
                .contains(new PeerKeysView(key("alice"), ByteString.EMPTY, ByteString.EMPTY));

        scenario.ask("alice", Commands.publishKeys("first", "one"), Commands.publishKeys("second", "two"));
        scenario.one(open("alice", key("alice"), 0));

        assertThat(scenario.view().peerKeys("alice"))
                .contains(new PeerKeysView(
                        key("alice"), ByteString.copyFromUtf8("second"), ByteString.copyFromUtf8("two")));
        assertThat(scenario.view().peerKeys("bob").orElseThrow().encryptionKey())
                .isEmpty();
        assertThat(scenario.view().peerKeys("nobody")).isEmpty();
    }

    @Test
    void neverIssuesAnIncarnationTwice() {
        scenario.peers("alice");
        assertThat(scenario.one(Commands.close("alice", 1))).isEqualTo(new Outcome.SessionClosed());
        assertThat(scenario.one(open("alice", key("alice"), 1)))
                .isEqualTo(new Outcome.Refused(Rejection.UNKNOWN_INCARNATION));
        assertThat(scenario.one(open("alice", key("alice"), 0))).isEqualTo(new Outcome.SessionOpened(2, 0, 0, 0));
    }

    @Test
    void resumesWithLastSequenceCursorAndHead() {
        scenario.peers("alice");
        scenario.ask("alice", send("alice", "a", TTL_MS), send("alice", "b", TTL_MS));
        scenario.one(advance("alice", 1));

        assertThat(scenario.one(open("alice", key("alice"), 1))).isEqualTo(new Outcome.SessionOpened(1, 2, 1, 3));
    }

    @Test
    void answersRepeatsWithTheFirstOutcomeAcrossStoredRows() {
        scenario.peers("alice", "bob");
        List<Request> requests = new ArrayList<>();
        List<RequestResult> first = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Request request = i == 2 ? send("nobody", "x", TTL_MS) : send("bob", "m" + i, TTL_MS);
            requests.add(request);
            first.addAll(scenario.ask("alice", request));
        }

        Outcome repeated = scenario.one(requests("alice", 1, 1, 0, requests));

        assertThat(results(repeated)).isEqualTo(first);
        assertThat(scenario.bodies("bob")).containsExactly("m0", "m1", "m3", "m4");
    }

    @Test
    void answersRepeatsInsideOneEntry() {
        scenario.peers("alice", "bob");
        Command command = requests("alice", 1, 1, 0, List.of(send("bob", "a", TTL_MS), send("bob", "b", TTL_MS)));

        ApplyResult result = scenario.apply(command, command);

        assertThat(result.outcomes().get(1)).isEqualTo(result.outcomes().get(0));
        assertThat(scenario.bodies("bob")).containsExactly("a", "b");
    }

    @Test
    void carriesOutOnlyTheNewOnesOfSendsThatWereGroupedDifferentlyBefore() {
        scenario.peers("alice", "bob");
        Request a = send("bob", "a", TTL_MS);
        Request b = send("bob", "b", TTL_MS);
        Request c = send("bob", "c", TTL_MS);
        List<RequestResult> first = scenario.ask("alice", a, b);

        Outcome outcome = scenario.one(requests(
                "alice", 1, 2, 0, List.of(Commands.joined(List.of(b, c)).orElseThrow())));
        Outcome whole = scenario.one(requests(
                "alice", 1, 1, 0, List.of(Commands.joined(List.of(a, b, c)).orElseThrow())));

        assertThat(results(outcome).get(0)).isEqualTo(first.get(1));
        assertThat(results(whole))
                .hasSize(3)
                .startsWith(first.get(0))
                .endsWith(results(outcome).get(1));
        assertThat(scenario.bodies("bob")).containsExactly("a", "b", "c");
    }

    @Test
    void refusesOneOfSeveralSendsUnderAUsedSequence() {
        scenario.peers("alice", "bob").ask("alice", send("bob", "a", TTL_MS));
        Request other = Commands.joined(List.of(send("bob", "x", TTL_MS), send("bob", "b", TTL_MS)))
                .orElseThrow();

        Outcome outcome = scenario.one(requests("alice", 1, 1, 0, List.of(other)));

        assertThat(results(outcome).get(0)).isEqualTo(new RequestResult.Refused(Rejection.SEQUENCE_CONFLICT));
        assertThat(scenario.bodies("bob")).containsExactly("a", "b");
    }

    @Test
    void compressesResultsIntoRuns() {
        scenario.peers("alice", "bob");

        Outcome outcome = scenario.one(scenario.next(
                "alice",
                send("bob", "a", TTL_MS),
                send("bob", "b", TTL_MS),
                send("nobody", "c", TTL_MS),
                send("nobody", "d", TTL_MS),
                send("bob", "e", TTL_MS)));

        assertThat(((Outcome.Settled) outcome).runs())
                .extracting(Outcome.RequestRun::firstSequence, Outcome.RequestRun::count)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(1L, 2),
                        org.assertj.core.groups.Tuple.tuple(3L, 2),
                        org.assertj.core.groups.Tuple.tuple(5L, 1));
    }

    @Test
    void refusesAnotherRequestUnderAUsedSequence() {
        scenario.peers("alice", "bob").ask("alice", send("bob", "a", TTL_MS));

        Outcome outcome = scenario.one(requests("alice", 1, 1, 0, List.of(send("bob", "b", TTL_MS))));

        assertThat(results(outcome)).containsExactly(refused(Rejection.SEQUENCE_CONFLICT));
        assertThat(scenario.bodies("bob")).containsExactly("a");
    }

    @Test
    void tellsRepeatOfAFormRefusalFromAConflictByChecksum() {
        scenario.peers("alice");
        scenario.ask("alice", Commands.refused(Rejection.BODY_TOO_LARGE, 77));

        assertThat(results(scenario.one(
                        requests("alice", 1, 1, 0, List.of(Commands.refused(Rejection.BODY_TOO_LARGE, 77))))))
                .containsExactly(refused(Rejection.BODY_TOO_LARGE));
        assertThat(results(scenario.one(
                        requests("alice", 1, 1, 0, List.of(Commands.refused(Rejection.BODY_TOO_LARGE, 78))))))
                .containsExactly(refused(Rejection.SEQUENCE_CONFLICT));
    }

    @Test
    void answersARepeatThatAnotherLeaderResolvedDifferentlyWithTheFirstOutcome() {
        scenario.peers("alice", "bob");
        Request first = send("bob", "a", TTL_MS);
        RequestResult sent = scenario.askOne("alice", first);
        Request longer = Commands.resolvedAgain(first, send("bob", "a", 2 * TTL_MS));
        Request refused = Commands.refused(Rejection.BODY_TOO_LARGE, first.getChecksums(0));

        assertThat(results(scenario.one(requests("alice", 1, 1, 0, List.of(longer)))))
                .containsExactly(sent);
        assertThat(results(scenario.one(requests("alice", 1, 1, 0, List.of(refused)))))
                .containsExactly(sent);
        assertThat(scenario.bodies("bob")).containsExactly("a");
    }

    @Test
    void doesNotUseUpASequenceBehindAGap() {
        scenario.peers("alice", "bob");

        assertThat(results(scenario.one(requests("alice", 1, 2, 0, List.of(send("bob", "b", TTL_MS))))))
                .containsExactly(refused(Rejection.SEQUENCE_GAP));
        assertThat(results(scenario.one(
                        requests("alice", 1, 1, 0, List.of(send("bob", "a", TTL_MS), send("bob", "b", TTL_MS))))))
                .allMatch(RequestResult.Sent.class::isInstance);
        assertThat(scenario.bodies("bob")).containsExactly("a", "b");
    }

    @Test
    void forgetsOutcomesBelowTheLowestUnsettledSequence() {
        scenario.peers("alice", "bob");
        Request request = send("bob", "a", TTL_MS);
        scenario.ask("alice", request);
        scenario.ask("alice", request);
        scenario.ask("alice", request);
        scenario.one(requests("alice", 1, 4, 3, List.of()));

        List<RequestResult> results =
                results(scenario.one(requests("alice", 1, 1, 1, List.of(request, request, request))));

        assertThat(results.subList(0, 2)).containsOnly(refused(Rejection.SEQUENCE_FORGOTTEN));
        assertThat(results.get(2)).isInstanceOf(RequestResult.Sent.class);
    }

    @Test
    void capsTheLowestUnsettledSequenceBehindTheLastOne() {
        scenario.peers("alice", "bob");

        List<RequestResult> results =
                results(scenario.one(requests("alice", 1, 1, 1_000, List.of(send("bob", "a", TTL_MS)))));

        assertThat(results).allMatch(RequestResult.Sent.class::isInstance);
    }

    @Test
    void treatsSequenceZeroAsForgotten() {
        scenario.peers("alice", "bob");

        assertThat(results(scenario.one(requests("alice", 1, 0, 0, List.of(send("bob", "a", TTL_MS))))))
                .containsExactly(refused(Rejection.SEQUENCE_FORGOTTEN));
    }

    @Test
    void refusesRequestsOfUnknownIncarnations() {
        scenario.peers("alice");

        assertThat(scenario.one(requests("alice", 2, 1, 0, List.of())))
                .isEqualTo(new Outcome.Refused(Rejection.UNKNOWN_INCARNATION));
        assertThat(scenario.one(requests("nobody", 1, 1, 0, List.of())))
                .isEqualTo(new Outcome.Refused(Rejection.UNKNOWN_INCARNATION));
    }

    @Test
    void refusesEmptyRequests() {
        scenario.peers("alice");

        assertThat(scenario.askOne("alice", Request.getDefaultInstance())).isEqualTo(refused(Rejection.BAD_REQUEST));
    }

    @Test
    void forgetsIncarnationsThatWereNotUsedForLong() {
        scenario.peers("alice");
        scenario.apply(open("alice", key("alice"), 0));
        scenario.timeMs += 5_000;
        scenario.apply(open("alice", key("alice"), 2));
        scenario.timeMs += 6_000;

        scenario.apply(tick(Long.MAX_VALUE / 2, 10_000, 100));

        assertThat(scenario.one(open("alice", key("alice"), 1)))
                .isEqualTo(new Outcome.Refused(Rejection.UNKNOWN_INCARNATION));
        assertThat(scenario.one(open("alice", key("alice"), 2))).isInstanceOf(Outcome.SessionOpened.class);
    }

    @Test
    void remembersAnIncarnationForAsLongAsItIsUsed() {
        scenario.peers("alice", "bob");
        for (int i = 0; i < 5; i++) {
            scenario.timeMs += 15_000;
            Outcome outcome = scenario.apply(
                            tick(Long.MAX_VALUE / 2, 20_000, 100), scenario.next("alice", send("bob", "m" + i, TTL_MS)))
                    .outcomes()
                    .get(1);
            assertThat(results(outcome)).allMatch(RequestResult.Sent.class::isInstance);
        }

        assertThat(scenario.one(open("alice", key("alice"), 1))).isInstanceOf(Outcome.SessionOpened.class);
    }

    @Test
    void notesUseOnlyAfterAStep() {
        scenario.peers("alice");
        scenario.timeMs += SessionLedger.USE_STEP_MS / 2;
        scenario.ask("alice", send("alice", "a", TTL_MS));
        scenario.timeMs += SessionLedger.USE_STEP_MS;

        scenario.apply(tick(Long.MAX_VALUE / 2, SessionLedger.USE_STEP_MS + 1_000, 100));

        assertThat(scenario.one(open("alice", key("alice"), 1)))
                .isEqualTo(new Outcome.Refused(Rejection.UNKNOWN_INCARNATION));
    }

    @Test
    void refusesTheNextRequestsOfAnIncarnationThatWasSilentForTooLong() {
        scenario.peers("alice", "bob");
        scenario.ask("alice", send("bob", "a", 60_000));
        scenario.timeMs += 20_000;

        ApplyResult result = scenario.apply(
                advance("alice", 0),
                tick(Long.MAX_VALUE / 2, 20_000, 100),
                scenario.next("alice", send("bob", "b", TTL_MS)),
                scenario.next("alice", send("bob", "c", TTL_MS)));

        assertThat(result.outcomes().subList(2, 4)).containsOnly(new Outcome.Refused(Rejection.UNKNOWN_INCARNATION));
        assertThat(scenario.bodies("bob")).containsExactly("a");
        assertThat(scenario.one(open("alice", key("alice"), 0))).isEqualTo(new Outcome.SessionOpened(2, 0, 0, 0));
    }

    @Test
    void haltsOnWhatItDoesNotKnow() {
        StateMachine machine = scenario.machine;
        LogPosition position = new LogPosition(1, 50);

        assertThatThrownBy(() ->
                        machine.apply(position, Batch.newBuilder().setFormat(6).build()))
                .hasMessageContaining("format 6");
        assertThatThrownBy(() -> machine.apply(
                        position,
                        Batch.newBuilder()
                                .setFormat(1)
                                .addCommands(Command.getDefaultInstance())
                                .build()))
                .hasMessageContaining("unknown command");
    }

    @Test
    void haltsOnAnEntryThatIsNotNewer() {
        scenario.peers("alice");

        assertThatThrownBy(() -> scenario.machine.apply(
                        new LogPosition(1, 0), Batch.newBuilder().setFormat(1).build()))
                .hasMessageContaining("not above");
    }

    @Test
    void neverTurnsItsClockBack() {
        scenario.peers("alice");
        long before = scenario.view().clockMs();
        scenario.timeMs -= 50;

        scenario.apply(tick(1, 1_000, 1));

        assertThat(scenario.view().clockMs()).isEqualTo(before);
    }
}
