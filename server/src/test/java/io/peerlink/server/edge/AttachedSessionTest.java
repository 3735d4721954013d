package io.peerlink.server.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.peerlink.protocol.v1.ClientFrame;
import io.peerlink.protocol.v1.CursorAck;
import io.peerlink.protocol.v1.ErrorCode;
import io.peerlink.protocol.v1.Subscribe;
import io.peerlink.server.edge.SessionRegistry.SessionKey;
import io.peerlink.statemachine.Outcome;
import io.peerlink.statemachine.Rejection;
import io.peerlink.statemachine.StateView.InboxPage;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Cursor acks while one is on its way. What is pushed comes from the test, and the test is the log. */
final class AttachedSessionTest extends EdgeFixture {
    private static final long BOGUS = 1_000_000;

    private final AttachedSession session =
            new AttachedSession(context, mapper, new FrameWriter(client), new SessionKey("bob", 1), () -> {});

    @BeforeEach
    void subscribe() {
        session.onFrame(ClientFrame.newBuilder()
                .setSubscribe(Subscribe.newBuilder().setCredit(1))
                .build());
        session.push(new InboxPage(List.of(), 5, false));
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
        assertThat(log.batch().getCommandsCount()).isOne();
        return log.batch().getCommands(0).getAdvanceCursor().getInboxSequence();
    }
}
