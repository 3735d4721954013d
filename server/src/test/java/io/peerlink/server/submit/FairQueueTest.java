package io.peerlink.server.submit;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerlink.log.v1.AdvanceCursor;
import io.peerlink.log.v1.Command;
import io.peerlink.log.v1.SessionRequests;
import io.peerlink.server.submit.CommandBatcher.Submission;
import io.peerlink.server.submit.FairQueue.Pending;
import io.peerlink.statemachine.Outcome;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class FairQueueTest {
    private static final int LIMIT = 1 << 20;
    private static final int MANY = 1_000_000;
    private static final int TURN = FairQueue.QUANTUM_BYTES;

    private final AtomicLong nowMs = new AtomicLong(FairQueue.ALONE_MS);
    private final FairQueue queue = new FairQueue(LIMIT, () -> Instant.ofEpochMilli(nowMs.get()));

    @Test
    void aSourceKeepsItsOrderAndOthersTakeTurns() {
        add("flood", TURN);
        add("flood", TURN);
        add("flood", TURN);
        add("a", 100);
        add("b", 100);
        add("a", 101);
        leaveAlone();

        assertThat(take(MANY, MANY))
                .containsExactly("flood " + TURN, "a 100", "a 101", "b 100", "flood " + TURN, "flood " + TURN);
        assertThat(queue.waiting()).isZero();
        assertThat(queue.waitingBytes()).isZero();
    }

    @Test
    void oneThatHasJustComeIsInTheNextEntry() {
        for (int i = 0; i < 40; i++) {
            add("flood", TURN / 4);
        }
        leaveAlone();
        assertThat(take(2 * TURN, MANY)).hasSize(8);
        add("late", 100);
        leaveAlone();

        assertThat(take(2 * TURN, MANY)).hasSize(9).contains("late 100");
    }

    @Test
    void whatIsTakenTooMuchIsADebt() {
        add("large", 3 * TURN);
        add("large", 10);
        for (int i = 0; i < 8; i++) {
            add("small", TURN / 2);
        }
        leaveAlone();

        assertThat(take(MANY, MANY).indexOf("large 10"))
                .as("after three turns of the other")
                .isEqualTo(7);
    }

    @Test
    void whatBelongsTogetherIsTakenTogether() {
        queue.add(pending("a", TURN, true));
        queue.add(pending("a", TURN, true));
        queue.add(pending("a", TURN, false));
        add("b", 100);

        assertThat(take(1, 1)).hasSize(3);
        assertThat(take(1, 1)).containsExactly("b 100");
    }

    @Test
    void aSourceThatIsNotAloneIsHeldWhileItsShareIsUnderWay() {
        for (int i = 0; i < 4; i++) {
            add("flood", TURN);
        }
        add("other", 100);
        List<Pending> entry = queue.take(MANY, MANY);
        assertThat(names(entry)).containsExactly("flood " + TURN, "other 100", "flood " + TURN);
        assertThat(queue.waiting()).as("all that is left is held").isZero();
        add("flood", 1);
        add("other", 50);
        assertThat(queue.waitingBytes()).isEqualTo(50);
        assertThat(take(MANY, MANY)).containsExactly("other 50");

        queue.arrived(entry);

        assertThat(queue.waiting()).isEqualTo(3);
        assertThat(queue.waitingBytes()).isEqualTo(2 * TURN + 1);
        leaveAlone();
        assertThat(take(MANY, MANY)).hasSize(3);
    }

    @Test
    void aSourceIsAloneAlsoWhereOthersConfirm() {
        for (int i = 0; i < 4; i++) {
            add("flood", TURN);
        }
        leaveAlone();
        Command ack = Command.newBuilder()
                .setAdvanceCursor(AdvanceCursor.getDefaultInstance())
                .build();
        queue.add(new Pending("other", new Submission(ack, new Deaf()), 10, false));
        assertThat(take(MANY, MANY)).hasSize(5);
    }

    @Test
    void takingAllTakesWhatIsHeldToo() {
        add("other", 100);
        for (int i = 0; i < 4; i++) {
            add("flood", TURN);
        }
        List<Pending> entry = queue.take(MANY, MANY);
        List<Pending> rest = queue.takeAll();
        assertThat(rest).hasSize(2);
        queue.settled(rest);
        queue.arrived(entry);
        queue.settled(entry);
        assertThat(queue.isSettled()).isTrue();
    }

    @Test
    void aSourceMayHaveAsMuchAsIsFree() {
        assertThat(queue.hasRoom("flood")).isTrue();
        add("flood", LIMIT / 2);
        assertThat(queue.hasRoom("flood")).isFalse();
        assertThat(queue.hasRoom("other")).isTrue();
        add("other", LIMIT / 4);
        assertThat(queue.hasRoom("other")).isFalse();
        assertThat(queue.hasRoom("third")).isTrue();

        List<Pending> entry = queue.takeAll();
        assertThat(queue.hasRoom("flood")).as("an entry is no outcome").isFalse();
        queue.settled(entry);
        assertThat(queue.hasRoom("flood")).isTrue();
        assertThat(queue.isSettled()).isTrue();
    }

    private void add(String source, int bytes) {
        queue.add(pending(source, bytes, false));
    }

    private static Pending pending(String source, int bytes, boolean withNext) {
        Command command = Command.newBuilder()
                .setSessionRequests(SessionRequests.getDefaultInstance())
                .build();
        return new Pending(source, new Submission(command, new Deaf()), bytes, withNext);
    }

    /** Whoever floods is alone from now on. */
    private void leaveAlone() {
        nowMs.addAndGet(FairQueue.ALONE_MS);
    }

    private List<String> take(int bytes, int commands) {
        return names(queue.take(bytes, commands));
    }

    private static List<String> names(List<Pending> entry) {
        return entry.stream()
                .map(pending -> pending.source() + " " + pending.bytes())
                .toList();
    }

    private static final class Deaf implements OutcomeListener {
        @Override
        public void onOutcome(Outcome outcome) {}

        @Override
        public void onUnknown(String reason, Optional<String> leaderAddress) {}
    }
}
