package io.peerlink.server.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.peerlink.log.v1.Request;
import io.peerlink.protocol.v1.ClientFrame;
import io.peerlink.protocol.v1.JoinGroup;
import io.peerlink.protocol.v1.Ping;
import io.peerlink.protocol.v1.Requests;
import io.peerlink.protocol.v1.Send;
import io.peerlink.server.edge.SessionRegistry.SessionKey;
import io.peerlink.statemachine.Outcome;
import io.peerlink.statemachine.Outcome.RequestResult;
import io.peerlink.statemachine.Outcome.RequestRun;
import io.peerlink.statemachine.Rejection;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A peer that sends faster than 100 messages, or causes more than 500 deliveries, a second. The clock is the test's. */
final class SendRateTest extends EdgeFixture {
    private final AttachedSession session = session(1);
    private long nextSequence = 1;

    private AttachedSession session(long incarnation) {
        return new AttachedSession(
                context, mapper, new FrameWriter(client), new SessionKey("alice", incarnation), () -> {});
    }

    @Test
    void isReadOnAtOnceWithinItsRate() {
        sends(session, 100);
        assertThat(client.requested).hasValue(1);
        assertThat(requestsInLog()).allMatch(Request::hasSendMessage);
    }

    @Test
    void isReadFromLaterBeyondIt() {
        sends(session, 120);
        assertThat(client.requested).as("a fifth of a second is owed").hasValue(0);
        assertThat(requestsInLog()).as("and nothing refused").allMatch(Request::hasSendMessage);

        await().untilAsserted(() -> assertThat(client.requested).hasValue(1));
    }

    @Test
    void isRefusedWhileItOwesMoreThanASecondAndTakenAgainAfterwards() {
        sends(session, 350);
        answerAll();

        sends(session, 2);
        assertThat(requestsInLog())
                .allSatisfy(request ->
                        assertThat(request.getRefused().getRejection()).isEqualTo(Rejection.RATE_LIMITED.number()));
        answerAll();

        clock.advance(Duration.ofMillis(1_600));
        sends(session, 1);
        assertThat(requestsInLog()).allMatch(Request::hasSendMessage);
    }

    @Test
    void owesWithAllItsSessions() {
        sends(session, 350);
        answerAll();

        sends(session(2), 1);
        assertThat(requestsInLog()).noneMatch(Request::hasSendMessage);
    }

    @Test
    void mayDoWhatIsNoMessage() {
        sends(session, 350);
        answerAll();

        frame(
                session,
                List.of(io.peerlink.protocol.v1.Request.newBuilder()
                        .setJoinGroup(JoinGroup.newBuilder().setGroup("team"))
                        .build()));
        assertThat(requestsInLog()).allMatch(Request::hasJoinGroup);
    }

    @Test
    void paysMoreForOtherRequests() {
        frame(
                session,
                Collections.nCopies(
                        15,
                        io.peerlink.protocol.v1.Request.newBuilder()
                                .setJoinGroup(JoinGroup.newBuilder().setGroup("team"))
                                .build()));
        sends(session, 1);
        List<Request> logged = requestsInLog();
        assertThat(logged.stream().filter(Request::hasJoinGroup)).hasSize(15);
        assertThat(logged.stream().filter(request -> !request.hasJoinGroup()))
                .as("two seconds' worth are owed")
                .hasSize(1)
                .allMatch(Request::hasRefused);
    }

    @Test
    void paysForBodiesThatAreTooLargeByTheirSize() {
        int bytes = config.limits().bodyBytes() + 1;
        frame(
                session,
                List.of(io.peerlink.protocol.v1.Request.newBuilder()
                        .setSend(Send.newBuilder().setTo("bob").addBodies(ByteString.copyFrom(new byte[bytes])))
                        .build()));
        assertThat(requestsInLog()).allMatch(Request::hasRefused);

        assertThat(client.requested).as("257 of 100 a second").hasValue(0);
    }

    @Test
    void isReadFromLaterIfItPingsTooFast() {
        ClientFrame ping =
                ClientFrame.newBuilder().setPing(Ping.newBuilder().setNonce(7)).build();
        for (int i = 0; i < 150; i++) {
            session.onFrame(ping);
        }
        assertThat(client.sent).hasSize(150);
        assertThat(client.requested).as("half a second is owed").hasValueLessThan(150);

        sends(session, 1);
        assertThat(requestsInLog()).as("what it sends is taken").allMatch(Request::hasSendMessage);
        await().untilAsserted(() -> assertThat(client.requested).hasValue(151));
    }

    @Test
    void paysForEachRecipient() {
        sends(session, 1);
        assertThat(batcher.appendNext()).isTrue();
        log.answer(settled(1, 1_200));
        await().untilAsserted(() -> assertThat(client.sent).isNotEmpty());

        sends(session, 1);
        assertThat(requestsInLog()).noneMatch(Request::hasSendMessage);
    }

    private void sends(AttachedSession from, int count) {
        frame(
                from,
                Collections.nCopies(
                        count,
                        io.peerlink.protocol.v1.Request.newBuilder()
                                .setSend(Send.newBuilder().setTo("bob").addBodies(ByteString.copyFromUtf8("hi")))
                                .build()));
    }

    private void frame(AttachedSession from, List<io.peerlink.protocol.v1.Request> requests) {
        from.onFrame(ClientFrame.newBuilder()
                .setRequests(
                        Requests.newBuilder().setFirstSequence(nextSequence).addAllRequests(requests))
                .build());
        nextSequence += requests.size();
    }

    /** What the next entry asks for. */
    private List<Request> requestsInLog() {
        await().until(batcher::appendNext);
        return log.batch().getCommandsList().stream()
                .flatMap(command -> command.getSessionRequests().getRequestsList().stream())
                .toList();
    }

    private void answerAll() {
        await().until(() -> batcher.appendNext() || log.batch().getCommandsCount() > 0);
        Outcome[] outcomes = log.batch().getCommandsList().stream()
                .map(command -> settled(CommandWriter.sequences(command.getSessionRequests()), 1))
                .toArray(Outcome[]::new);
        int before = client.sent.size();
        log.answer(outcomes);
        await().until(() -> client.sent.size() > before);
    }

    private static Outcome settled(int count, int recipients) {
        return new Outcome.Settled(
                List.of(new RequestRun(1, count, new RequestResult.Sent("alice~bob", 1, 1_000, recipients))));
    }
}
