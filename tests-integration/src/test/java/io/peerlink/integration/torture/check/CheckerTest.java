package io.peerlink.integration.torture.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerlink.client.Receipt;
import io.peerlink.integration.torture.history.Codes;
import io.peerlink.integration.torture.history.Event;
import io.peerlink.integration.torture.history.HistoryWriter;
import io.peerlink.integration.torture.history.Kind;
import io.peerlink.integration.torture.history.Names;
import io.peerlink.integration.torture.history.Op;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Made-up histories of two peers: a right one, and for each invariant one that breaks it. */
final class CheckerTest {
    private static final int CONVERSATION = Names.direct(1, 2);
    private static final int GROUP = Names.inGroup(0);

    @TempDir
    private Path directory = Path.of("");

    private final List<Event> events = new ArrayList<>();

    private void add(Event event) {
        events.add(event.at(1_000L * (events.size() + 1)));
    }

    private static Event event(Kind kind, int peer) {
        return Event.of(kind, Op.NONE, peer, peer, 1);
    }

    private static Event request(Kind kind, Op op, long number) {
        return Event.of(kind, op, 1, 1, 1).in(CONVERSATION).number(number);
    }

    private void invoke(long number) {
        add(request(Kind.INVOKE, Op.SEND, number).hash(number));
    }

    private void ok(long number, long place) {
        add(request(Kind.OK, Op.SEND, number).place(place));
    }

    private void present(long number, long place) {
        add(event(Kind.PRESENT, 2)
                .in(CONVERSATION)
                .other(1)
                .code(1)
                .number(number)
                .place(place)
                .hash(number)
                .extra(place));
    }

    private void receipt(Receipt.Kind kind, long from, long upTo) {
        add(event(Kind.RECEIPT, 1)
                .code(Codes.of(kind))
                .other(2)
                .in(CONVERSATION)
                .place(from)
                .number(upTo));
    }

    /** Sent, acknowledged, presented, receipted. */
    private void message(long number) {
        invoke(number);
        ok(number, number);
        present(number, number);
        receipt(Receipt.Kind.DELIVERED, number, number);
    }

    private void attached(int peer, int router, long term, long cursor) {
        add(event(Kind.CONNECTING, peer));
        add(event(Kind.ATTACHED, peer).other(router).extra(term).place(cursor).number(cursor));
    }

    private Verdict verdict() {
        attached(1, 1, 1, 0);
        attached(2, 1, 1, 2);
        add(event(Kind.QUIET, 1));
        add(event(Kind.QUIET, 2));
        write();
        return Checker.check(directory);
    }

    private void write() {
        try (HistoryWriter writer = new HistoryWriter(directory.resolve("client-0.0.history"))) {
            events.forEach(writer::appendAsIs);
        }
    }

    private void assertViolated(String invariant) {
        Verdict verdict = verdict();
        assertThat(verdict.violations())
                .as(verdict.toString())
                .anyMatch(violation -> violation.invariant().startsWith(invariant + " "));
    }

    @Test
    void aRightHistoryIsRight() {
        message(1);
        message(2);
        Verdict verdict = verdict();
        assertThat(verdict.violations()).isEmpty();
        assertThat(verdict.line())
                .isEqualTo("acknowledged 2, lost 0, doubled 0, out of order 0, untruthful receipts 0, diverged 0,"
                        + " faults 0 in 0 kinds, longest gap 0 ms");
    }

    @Test
    void anAcknowledgedMessageThatNobodySawIsLost() {
        invoke(1);
        ok(1, 1);
        assertViolated("I1");
    }

    @Test
    void aRefusedMessageIsAPhantom() {
        invoke(1);
        add(request(Kind.FAIL, Op.SEND, 1));
        present(1, 1);
        assertViolated("I2");
    }

    @Test
    void aMessageShownAgainIsDoubled() {
        message(1);
        present(1, 1);
        assertViolated("I3");
    }

    @Test
    void aSendHasOnePlace() {
        message(1);
        present(1, 2);
        assertViolated("I4");
    }

    @Test
    void aSenderKeepsItsOrder() {
        invoke(1);
        invoke(2);
        present(2, 1);
        present(1, 2);
        assertViolated("I5");
    }

    @Test
    void aPlaceHoldsOneMessage() {
        message(1);
        invoke(2);
        ok(2, 1);
        assertViolated("I6");
    }

    @Test
    void placesFollowRealTime() {
        invoke(1);
        ok(1, 2);
        invoke(2);
        ok(2, 1);
        assertViolated("I7");
    }

    @Test
    void onlyMembersGetGroupMessages() {
        add(request(Kind.INVOKE, Op.CREATE, 1).in(GROUP));
        add(request(Kind.OK, Op.CREATE, 1).in(GROUP));
        add(request(Kind.INVOKE, Op.SEND, 2).in(GROUP).hash(2));
        add(request(Kind.OK, Op.SEND, 2).in(GROUP).place(1));
        add(event(Kind.PRESENT, 2)
                .in(GROUP)
                .other(1)
                .code(1)
                .number(2)
                .place(1)
                .hash(2)
                .extra(1));
        assertViolated("I8");
    }

    @Test
    void deliveredBeforeShownIsUntruthful() {
        invoke(1);
        ok(1, 1);
        receipt(Receipt.Kind.DELIVERED, 1, 1);
        present(1, 1);
        assertViolated("I9");
    }

    @Test
    void deliveredTwiceGoesBack() {
        message(1);
        receipt(Receipt.Kind.DELIVERED, 1, 1);
        assertViolated("I10");
    }

    @Test
    void shownAndNotToldIsIncomplete() {
        invoke(1);
        ok(1, 1);
        present(1, 1);
        assertViolated("I11");
    }

    @Test
    void aNameIsGivenAwayOnce() {
        add(event(Kind.ATTACHED, 1).code(1).other(1).extra(1));
        add(event(Kind.ATTACHED, 1).code(1).other(1).extra(1));
        assertViolated("I12");
    }

    @Test
    void anIncarnationIsOneSessionsAlone() {
        add(event(Kind.ATTACHED, 3).other(1).extra(1).hash(7));
        add(Event.of(Kind.ATTACHED, Op.NONE, 3, 3, 2).other(1).extra(1).hash(7));
        assertViolated("I13");
    }

    @Test
    void noSessionComesBackToAnOlderIncarnation() {
        add(event(Kind.ATTACHED, 1).other(1).extra(1).hash(8));
        assertViolated("I13");
    }

    @Test
    void aTermHasOneLeader() {
        attached(1, 2, 1, 0);
        assertViolated("I14");
    }

    @Test
    void routersHoldTheSame() {
        add(event(Kind.DIGEST, 0).other(1).number(9).hash(1));
        add(event(Kind.DIGEST, 0).other(2).number(9).hash(2));
        assertViolated("I15");
    }

    @Test
    void noRouterStopsBecauseItHasDiverged() {
        add(event(Kind.ENDED, 0).other(1).code(73));
        assertViolated("I15");
    }

    @Test
    void aCursorThatWasToldCoversWhatWasConfirmed() {
        message(1);
        message(2);
        attached(2, 1, 1, 1);
        assertViolated("I16");
    }

    @Test
    void silenceIsNoOutcome() {
        message(1);
        invoke(2);
        assertViolated("I18");
    }

    @Test
    void anAttackMustFail() {
        add(request(Kind.INVOKE, Op.ATTACK, 1));
        add(request(Kind.OK, Op.ATTACK, 1));
        assertViolated("I20");
    }

    @Test
    void inTheMiddleOfARunNothingIsMissedThatMayStillCome() {
        invoke(1);
        ok(1, 1);
        invoke(2);
        write();
        assertThat(Checker.checkSoFar(directory).violations()).isEmpty();
    }

    @Test
    void inTheMiddleOfARunItSeesWhatIsWrongForGood() {
        message(1);
        present(1, 1);
        // Another process may be further than what was looked at; the rest is for the next time.
        events.add(event(Kind.DIGEST, 0).other(1).hash(1).at(Long.MAX_VALUE));
        events.add(event(Kind.DIGEST, 0).other(2).hash(2).at(Long.MAX_VALUE));
        write();
        Verdict verdict = Checker.checkSoFar(directory);
        assertThat(verdict.violates("I3")).isTrue();
        assertThat(verdict.violates("I15")).isFalse();
    }
}
