package io.peerlink.statemachine;

import static io.peerlink.statemachine.Commands.advance;
import static io.peerlink.statemachine.Commands.createGroup;
import static io.peerlink.statemachine.Commands.joinGroup;
import static io.peerlink.statemachine.Commands.leaveGroup;
import static io.peerlink.statemachine.Commands.markRead;
import static io.peerlink.statemachine.Commands.send;
import static io.peerlink.statemachine.Commands.tick;
import static io.peerlink.statemachine.Scenario.RETENTION_MS;
import static io.peerlink.statemachine.Scenario.TTL_MS;
import static io.peerlink.statemachine.Scenario.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.peerlink.log.v1.Request;
import io.peerlink.statemachine.Outcome.RequestResult;
import io.peerlink.statemachine.StateView.RecipientState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of messages: inboxes, receipts, groups, expiry, retention. */
final class DeliveryTest {
    @TempDir
    Path directory;

    private Scenario scenario;

    @BeforeEach
    void openMachine() {
        scenario = new Scenario(directory).peers("alice", "bob", "carol");
    }

    @AfterEach
    void closeMachine() {
        scenario.close();
    }

    @Test
    void rejectsSendToUnknownPeer() {
        assertThat(scenario.askOne("alice", send("nobody", "x", TTL_MS))).isEqualTo(refused(Rejection.UNKNOWN_NAME));
    }

    @Test
    void numbersAConversationFromBothSides() {
        scenario.ask("alice", send("bob", "a", TTL_MS));
        RequestResult answer = scenario.askOne("bob", send("alice", "b", TTL_MS));

        assertThat(answer).isEqualTo(new RequestResult.Sent("alice~bob", 2, scenario.timeMs, 1));
    }

    @Test
    void tellsEachPeerOncePerEntryThatItsInboxGrew() {
        ApplyResult result = scenario.apply(
                scenario.next("alice", send("bob", "a", TTL_MS), send("carol", "b", TTL_MS), send("bob", "c", TTL_MS)),
                advance("bob", 1));

        assertThat(result.effects())
                .containsExactly(
                        new Effect.InboxAppended("alice", 1),
                        new Effect.InboxAppended("bob", 2),
                        new Effect.CursorMoved("bob", 1),
                        new Effect.InboxAppended("carol", 1));
    }

    @Test
    void tellsTheSenderOfDeliveryOncePerConversation() {
        scenario.ask("alice", send("bob", "a", TTL_MS), send("bob", "b", TTL_MS));
        scenario.ask("alice", send("bob", "c", TTL_MS));

        scenario.confirmAll("bob");

        assertThat(scenario.receipts("alice")).containsExactly("DELIVERED bob alice~bob 1..3");
        assertThat(scenario.inbox("bob")).isEmpty();
    }

    @Test
    void causesNoReceiptsByConfirmingReceipts() {
        scenario.ask("alice", send("bob", "a", TTL_MS));
        scenario.confirmAll("bob");

        scenario.confirmAll("alice");

        assertThat(scenario.inbox("bob")).isEmpty();
        assertThat(scenario.inbox("alice")).isEmpty();
    }

    @Test
    void trimsInboxRowsOnlyWhenWhollyConfirmed() {
        scenario.ask("alice", send("bob", "a", TTL_MS), send("bob", "b", TTL_MS), send("bob", "c", TTL_MS));

        scenario.apply(advance("bob", 2));

        assertThat(scenario.bodies("bob")).containsExactly("c");
        assertThat(scenario.state("alice", "alice~bob", 2, "bob")).isEqualTo(RecipientState.DELIVERED);
        assertThat(scenario.state("alice", "alice~bob", 3, "bob")).isEqualTo(RecipientState.SENT);
    }

    @Test
    void keepsTheDeliveryTimeOfEachStep() {
        scenario.ask("alice", send("bob", "a", TTL_MS), send("bob", "b", TTL_MS));
        scenario.apply(advance("bob", 1));
        long firstAtMs = scenario.timeMs;
        scenario.timeMs += 500;
        scenario.apply(advance("bob", 2));

        var first =
                scenario.view().status("alice", "alice~bob", 1, false, "", 10).orElseThrow();

        assertThat(first.recipients())
                .containsExactly(new StateView.RecipientView("bob", RecipientState.DELIVERED, firstAtMs, firstAtMs));
    }

    @Test
    void remembersWhereAMessageStandsInTheLogAndWhatHappenedWhen() {
        scenario.ask("alice", send("bob", "a", TTL_MS));
        LogPosition sent = scenario.view().applied();
        scenario.timeMs += 500;
        scenario.apply(advance("bob", 1));
        long deliveredAtMs = scenario.timeMs;
        scenario.timeMs += 500;
        scenario.ask("bob", Commands.markRead("alice~bob", 1));

        var status =
                scenario.view().status("alice", "alice~bob", 1, false, "", 10).orElseThrow();

        assertThat(status.position()).isEqualTo(sent);
        assertThat(status.recipients())
                .containsExactly(
                        new StateView.RecipientView("bob", RecipientState.READ, scenario.timeMs, deliveredAtMs));
    }

    @Test
    void neverMovesACursorBackOrBeyondTheHead() {
        scenario.ask("alice", send("bob", "a", TTL_MS), send("bob", "b", TTL_MS));
        scenario.apply(advance("bob", 2));

        assertThat(scenario.one(advance("bob", 1))).isEqualTo(new Outcome.CursorAdvanced(2));
        assertThat(scenario.one(advance("bob", 3))).isEqualTo(new Outcome.Refused(Rejection.CURSOR_BEYOND_HEAD));
        assertThat(scenario.one(advance("nobody", 1))).isEqualTo(new Outcome.Refused(Rejection.NOT_REGISTERED));
    }

    @Test
    void letsAPeerSendToItself() {
        assertThat(scenario.askOne("alice", send("alice", "note", TTL_MS)))
                .isEqualTo(new RequestResult.Sent("alice~alice", 1, scenario.timeMs, 1));
        scenario.apply(advance("alice", 1));
        scenario.ask("alice", markRead("alice~alice", 0));

        assertThat(scenario.receipts("alice"))
                .containsExactly("DELIVERED alice alice~alice 1..1", "READ alice alice~alice 1..1");
    }

    @Test
    void marksReadOnlyWhatWasDelivered() {
        scenario.ask("alice", send("bob", "a", TTL_MS), send("bob", "b", TTL_MS));
        assertThat(scenario.askOne("bob", markRead("alice~bob", 1))).isEqualTo(refused(Rejection.NOT_DELIVERED));
        scenario.apply(advance("bob", 1));

        assertThat(scenario.askOne("bob", markRead("alice~bob", 1))).isInstanceOf(RequestResult.Done.class);
        assertThat(scenario.askOne("bob", markRead("alice~bob", 0))).isInstanceOf(RequestResult.Done.class);
        assertThat(scenario.receipts("alice"))
                .containsExactly("DELIVERED bob alice~bob 1..1", "READ bob alice~bob 1..1");
        assertThat(scenario.askOne("carol", markRead("alice~bob", 1)))
                .isEqualTo(refused(Rejection.UNKNOWN_CONVERSATION));
        assertThat(scenario.askOne("carol", markRead("alice~carol", 0)))
                .isEqualTo(refused(Rejection.UNKNOWN_CONVERSATION));
        assertThat(scenario.askOne("carol", markRead("nothing", 0))).isEqualTo(refused(Rejection.UNKNOWN_CONVERSATION));
    }

    @Test
    void givesGroupMessagesToMembersAtTheirPlace() {
        scenario.ask("alice", createGroup("team"), send("team", "alone", TTL_MS));
        scenario.ask("bob", joinGroup("team"));
        scenario.ask("alice", send("team", "two", TTL_MS));
        scenario.ask("carol", joinGroup("team"));

        assertThat(scenario.askOne("alice", send("team", "three", TTL_MS)))
                .isEqualTo(new RequestResult.Sent("team", 3, scenario.timeMs, 2));
        assertThat(scenario.bodies("bob")).containsExactly("two", "three");
        assertThat(scenario.bodies("carol")).containsExactly("three");
        assertThat(scenario.bodies("alice")).isEmpty();
        assertThat(scenario.view().status("carol", "team", 2, false, "", 10)).isEmpty();
    }

    @Test
    void refusesWhatAGroupDoesNotAllow() {
        scenario.ask("alice", createGroup("team"));

        assertThat(scenario.askOne("bob", createGroup("team"))).isEqualTo(refused(Rejection.GROUP_EXISTS));
        assertThat(scenario.askOne("bob", createGroup("alice"))).isEqualTo(refused(Rejection.NAME_TAKEN));
        assertThat(scenario.askOne("bob", send("team", "x", TTL_MS))).isEqualTo(refused(Rejection.NOT_A_MEMBER));
        assertThat(scenario.askOne("bob", leaveGroup("team"))).isEqualTo(refused(Rejection.NOT_A_MEMBER));
        assertThat(scenario.askOne("alice", joinGroup("team"))).isEqualTo(refused(Rejection.ALREADY_A_MEMBER));
        assertThat(scenario.askOne("alice", joinGroup("bob"))).isEqualTo(refused(Rejection.NOT_A_GROUP));
        assertThat(scenario.askOne("alice", leaveGroup("bob"))).isEqualTo(refused(Rejection.NOT_A_GROUP));
        assertThat(scenario.askOne("alice", joinGroup("nothing"))).isEqualTo(refused(Rejection.UNKNOWN_NAME));
        assertThat(scenario.askOne("alice", leaveGroup("nothing"))).isEqualTo(refused(Rejection.UNKNOWN_NAME));
    }

    @Test
    void sendsGroupReceiptsPerRecipient() {
        team();
        scenario.ask("alice", send("team", "a", TTL_MS));

        scenario.confirmAll("bob");
        scenario.confirmAll("carol");

        assertThat(scenario.receipts("alice")).containsExactly("DELIVERED bob team 1..1", "DELIVERED carol team 1..1");
    }

    @Test
    void owesALeaverNothingAndTellsTheSenders() {
        team();
        scenario.ask("alice", send("team", "a1", TTL_MS));
        scenario.confirmAll("bob");
        scenario.ask("alice", send("team", "a2", TTL_MS));
        scenario.ask("carol", send("team", "c3", TTL_MS));
        scenario.ask("alice", send("team", "a4", TTL_MS), send("bob", "direct", TTL_MS));

        scenario.ask("bob", leaveGroup("team"));

        assertThat(scenario.bodies("bob")).containsExactly("direct");
        assertThat(scenario.receipts("alice")).containsExactly("DELIVERED bob team 1..1", "LEFT bob team 2..4");
        assertThat(scenario.receipts("carol")).containsExactly("LEFT bob team 3..3");
        assertThat(scenario.state("alice", "team", 1, "bob")).isEqualTo(RecipientState.DELIVERED);
        assertThat(scenario.state("alice", "team", 2, "bob")).isEqualTo(RecipientState.LEFT);
        scenario.confirmAll("bob");
        assertThat(scenario.state("alice", "team", 2, "bob")).isEqualTo(RecipientState.LEFT);
    }

    @Test
    void letsALeaverMarkReadOnlyWhatItHad() {
        team();
        scenario.ask("alice", send("team", "had", TTL_MS));
        scenario.confirmAll("bob");
        scenario.ask("alice", send("team", "not had", TTL_MS));
        scenario.ask("bob", leaveGroup("team"));
        scenario.ask("alice", send("team", "not for him", TTL_MS));

        assertThat(scenario.ask("bob", markRead("team", 2), markRead("team", 3)))
                .containsOnly(refused(Rejection.NOT_DELIVERED));
        assertThat(scenario.askOne("bob", markRead("team", 1))).isInstanceOf(RequestResult.Done.class);
        assertThat(scenario.receipts("alice")).endsWith("READ bob team 1..1");
    }

    @Test
    void entitlesARejoinerOnlyToItsMemberships() {
        team();
        scenario.ask("alice", send("team", "a1", TTL_MS));
        scenario.ask("bob", leaveGroup("team"));
        scenario.ask("alice", send("team", "a2", TTL_MS));
        scenario.ask("bob", joinGroup("team"));
        scenario.ask("alice", send("team", "a3", TTL_MS));
        scenario.confirmAll("bob");

        var history = scenario.view().history("bob", "team", 0, 10).orElseThrow();

        assertThat(history.messages())
                .extracting(StateView.MessagesView::firstSequence)
                .containsExactly(1L, 3L);
        assertThat(scenario.receipts("alice")).containsExactly("LEFT bob team 1..1", "DELIVERED bob team 3..3");
        assertThat(scenario.view()
                        .status("alice", "team", 2, false, "", 10)
                        .orElseThrow()
                        .recipients())
                .extracting(StateView.RecipientView::peer)
                .containsExactly("carol");
    }

    @Test
    void expiresWhatWaitedTooLongAndTellsTheSender() {
        scenario.ask("alice", send("bob", "a", 100), send("bob", "b", 5_000), send("bob", "c", 100));
        scenario.tickAfter(200);

        assertThat(scenario.bodies("bob")).containsExactly("b");
        assertThat(scenario.receipts("alice"))
                .containsExactly("EXPIRED bob alice~bob 1..1", "EXPIRED bob alice~bob 3..3");
        scenario.confirmAll("bob");
        assertThat(scenario.state("alice", "alice~bob", 1, "bob")).isEqualTo(RecipientState.EXPIRED);
        assertThat(scenario.state("alice", "alice~bob", 2, "bob")).isEqualTo(RecipientState.DELIVERED);
        assertThat(scenario.state("alice", "alice~bob", 3, "bob")).isEqualTo(RecipientState.EXPIRED);
    }

    @Test
    void doesNotExpireWhatWasDelivered() {
        team();
        scenario.ask("alice", send("team", "a", 100));
        scenario.confirmAll("bob");
        scenario.tickAfter(200);

        assertThat(scenario.receipts("alice")).containsExactly("DELIVERED bob team 1..1", "EXPIRED carol team 1..1");
    }

    @Test
    void deletesHistoryOnlyLongAfterEverybodyHadIt() {
        team();
        scenario.ask("alice", send("team", "a", Long.MAX_VALUE / 4));
        scenario.confirmAll("bob");
        scenario.tickAfter(RETENTION_MS + 10);
        assertThat(scenario.view().status("alice", "team", 1, false, "", 10)).isPresent();
        scenario.confirmAll("carol");
        scenario.tickAfter(RETENTION_MS - 10);
        assertThat(scenario.view().status("alice", "team", 1, false, "", 10)).isPresent();

        scenario.tickAfter(RETENTION_MS + 10);

        assertThat(scenario.view().status("alice", "team", 1, false, "", 10)).isEmpty();
        assertThat(scenario.view().history("alice", "team", 0, 10).orElseThrow().messages())
                .isEmpty();
        assertThat(scenario.askOne("alice", send("team", "next", TTL_MS)))
                .isEqualTo(new RequestResult.Sent("team", 2, scenario.timeMs, 2));
    }

    @Test
    void stillOwesNothingForATrimmedMessageThatExpired() {
        scenario.ask("alice", send("bob", "gone", 100));
        scenario.tickAfter(200);
        scenario.tickAfter(RETENTION_MS + 10);
        assertThat(scenario.view().status("alice", "alice~bob", 1, false, "", 10))
                .isEmpty();

        assertThat(scenario.inbox("bob")).isEmpty();
        scenario.apply(advance("bob", 1));

        assertThat(scenario.receipts("alice")).containsExactly("EXPIRED bob alice~bob 1..1");
    }

    @Test
    void stopsATickAtItsBoundAndSaysSo() {
        for (int i = 0; i < 5; i++) {
            scenario.ask("alice", send("bob", "a" + i, 100));
        }
        scenario.timeMs += 500;

        assertThat(scenario.one(tick(RETENTION_MS, RETENTION_MS, 2))).isEqualTo(new Outcome.Ticked(true));
        assertThat(scenario.bodies("bob")).isNotEmpty();
        while (scenario.one(tick(RETENTION_MS, RETENTION_MS, 2)).equals(new Outcome.Ticked(true))) {
            // Again until nothing is left.
        }
        assertThat(scenario.bodies("bob")).isEmpty();
    }

    private void team() {
        scenario.ask("alice", createGroup("team"));
        scenario.ask("bob", joinGroup("team"));
        scenario.ask("carol", joinGroup("team"));
    }

    /** Some seconds of the routers' only apply thread otherwise: 12 million rows. */
    @Test
    void whoComesAndGoesInAGroupCostsNothingHoweverMuchWaits() {
        scenario.ask("alice", createGroup("team"));
        for (int i = 0; i < 4_000; i++) {
            scenario.ask("bob", send("bob", "x", TTL_MS));
        }
        Request[] requests = Stream.generate(() -> Stream.of(joinGroup("team"), leaveGroup("team")))
                .limit(3_000)
                .flatMap(pair -> pair)
                .toArray(Request[]::new);

        long begin = System.nanoTime();
        assertThat(scenario.ask("bob", requests)).hasOnlyElementsOfType(RequestResult.Done.class);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(4));
    }
}
