package io.peerlink.integration.cluster;

import static io.peerlink.integration.cluster.Frames.ack;
import static io.peerlink.integration.cluster.Frames.requests;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.peerlink.client.identity.Identity;
import io.peerlink.protocol.v1.Attach;
import io.peerlink.protocol.v1.ClientFrame;
import io.peerlink.protocol.v1.Deliveries;
import io.peerlink.protocol.v1.Detach;
import io.peerlink.protocol.v1.ErrorCode;
import io.peerlink.protocol.v1.OutcomeRun;
import io.peerlink.protocol.v1.Request;
import io.peerlink.protocol.v1.Send;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Frames in order of form that come at the wrong time, with odd numbers, twice or for others: a definite
 * code, nothing done, and the stream goes on unless the protocol says that it ends.
 */
final class OddRequestsIT {
    private static final int HONEST_SESSIONS = 2;
    private static final int FLOOD = 2_000;

    @RegisterExtension
    @Order(1)
    static final TestCluster CLUSTER = TestCluster.ofOne();

    @RegisterExtension
    @Order(2)
    static final Strangers STRANGERS = Strangers.on(CLUSTER);

    @Test
    void nothingIsHeardBetweenChallengeAndAttached() {
        for (ClientFrame early : List.of(
                requests(1, Frames.send("honest-sink", "x")),
                Frames.subscribe(1),
                Frames.credit(1),
                ack(1),
                ClientFrame.newBuilder().setDetach(Detach.getDefaultInstance()).build())) {
            try (RawSession session = STRANGERS.open()) {
                session.challenge("early");
                session.send(early).assertEndsWith(ErrorCode.PROTOCOL_VIOLATION);
            }
        }
    }

    @Test
    void sequencesBeyondTheNextAreHolesHoweverLarge() {
        try (RawSession session = STRANGERS.attached()) {
            for (long far : new long[] {2, Integer.MAX_VALUE, Long.MAX_VALUE, Long.MIN_VALUE, -1}) {
                session.assertRefused(requests(far, Frames.send("honest-sink", "x")), ErrorCode.SEQUENCE_GAP);
            }
            // 2^64 - 1, 0, 1: the numbers go round, and the third is the next one.
            Request request = Frames.send("honest-sink", "round");
            List<OutcomeRun> runs = session.send(requests(-1, 1, List.of(request, request, request)))
                    .outcomes(3);
            assertThat(runs.get(0).getRefused().getCode()).isEqualTo(ErrorCode.SEQUENCE_GAP);
            assertThat(runs.get(1).getRefused().getCode()).isEqualTo(ErrorCode.SEQUENCE_FORGOTTEN);
            assertThat(runs.get(2).getFirstSequence()).isEqualTo(1);
            assertThat(runs.get(2).hasSent()).isTrue();
            session.assertAlive();
        }
    }

    @Test
    void aUsedSequenceServesNoOtherRequest() {
        try (RawSession session = STRANGERS.attached()) {
            OutcomeRun first = session.outcome(requests(1, Frames.send("honest-sink", "one")));
            session.outcome(requests(2, Frames.send("honest-sink", "two")));
            for (Request other : List.of(
                    Frames.send("honest-alice", "one"),
                    Frames.createGroup("one"),
                    Request.newBuilder()
                            .setSend(Send.newBuilder()
                                    .setTo("honest-sink")
                                    .setTtlMs(5_000)
                                    .addBodies(ByteString.copyFromUtf8("one")))
                            .build())) {
                session.assertRefused(requests(1, other), ErrorCode.SEQUENCE_CONFLICT);
            }
            assertThat(session.outcome(requests(1, Frames.send("honest-sink", "one"))))
                    .as("the first one still has its outcome")
                    .isEqualTo(first);
            session.assertAlive();
        }
    }

    @Test
    void nobodyGoesOnWithAnIncarnationThatIsNotHis() {
        Identity one = Strangers.somebody();
        Identity other = Strangers.somebody();
        long second;
        try (RawSession first = STRANGERS.open();
                RawSession again = STRANGERS.open()) {
            first.attach(one);
            second = again.attach(one).getIncarnation();
        }
        assertThat(second).isEqualTo(2);
        for (long foreign : new long[] {second, 77, Long.MAX_VALUE, -1}) {
            try (RawSession session = STRANGERS.open()) {
                Attach.Builder attach = Frames.attach(other, session.challenge(other.name()));
                session.send(Frames.frame(attach.setResumeIncarnation(foreign)))
                        .assertEndsWith(ErrorCode.UNKNOWN_INCARNATION);
            }
        }
    }

    @Test
    void aSequenceThatComesOnTwoConnectionsCountsOnce() {
        Identity who = Strangers.somebody();
        Identity recipient = Strangers.somebody();
        try (RawSession begun = STRANGERS.open();
                RawSession resumed = STRANGERS.open();
                RawSession reader = STRANGERS.open()) {
            reader.attach(recipient);
            long incarnation = begun.attach(who).getIncarnation();
            ClientFrame request = requests(1, Frames.send(recipient.name(), "once"));
            begun.send(request);
            Attach.Builder attach = Frames.attach(who, resumed.challenge(who.name()));
            resumed.send(Frames.frame(attach.setResumeIncarnation(incarnation)));
            begun.send(request);
            assertThat(resumed.next().hasAttached()).isTrue();
            assertThat(resumed.outcome(request).getSent().getFirstMessageSequence())
                    .isEqualTo(1);
            begun.awaitEnd();
            begun.send(requests(2, Frames.send(recipient.name(), "from a stream that ended")));
            assertThat(resumed.outcome(requests(2, Frames.send(recipient.name(), "twice")))
                            .getSent()
                            .getFirstMessageSequence())
                    .isEqualTo(2);
            Deliveries deliveries = reader.send(Frames.subscribe(10)).next().getDeliveries();
            assertThat(bodies(deliveries)).containsExactly("once", "twice");
        }
    }

    private static List<String> bodies(Deliveries deliveries) {
        return deliveries.getDeliveriesList().stream()
                .flatMap(delivery -> delivery.getMessages().getBodiesList().stream())
                .map(ByteString::toStringUtf8)
                .toList();
    }

    @Test
    void onlyWhatWasDeliveredToThePeerIsRead() {
        Identity reader = Strangers.somebody();
        try (RawSession session = STRANGERS.open();
                RawSession writer = STRANGERS.attached()) {
            session.attach(reader);
            OutcomeRun sent = writer.outcome(requests(1, Frames.send(reader.name(), "x")));
            writer.outcome(requests(2, Frames.createGroup("odd-closed")));
            String conversation = sent.getSent().getConversation();
            session.assertRefused(requests(1, Frames.markRead(conversation, 1)), ErrorCode.NOT_DELIVERED);
            session.assertRefused(requests(2, Frames.markRead(conversation, -1)), ErrorCode.NOT_DELIVERED);
            session.assertRefused(requests(3, Frames.markRead("odd-closed", 0)), ErrorCode.UNKNOWN_CONVERSATION);
            session.assertRefused(
                    requests(4, Frames.markRead("honest-alice~honest-bob", 0)), ErrorCode.UNKNOWN_CONVERSATION);
            session.assertRefused(requests(5, Frames.markRead("~", 0)), ErrorCode.UNKNOWN_CONVERSATION);
            session.send(ack(1));
            assertThat(session.error().getCode()).as("before it subscribed").isEqualTo(ErrorCode.NOT_SUBSCRIBED);
            session.assertAlive();
        }
    }

    @Test
    void bothSessionsOfAPeerConfirmAndAFloodOfConfirmationsIsOne() {
        Identity reader = Strangers.somebody();
        try (RawSession one = STRANGERS.open();
                RawSession other = STRANGERS.open();
                RawSession writer = STRANGERS.attached()) {
            one.attach(reader);
            other.attach(reader);
            for (int i = 1; i <= 3; i++) {
                writer.outcome(requests(i, Frames.send(reader.name(), "m" + i)));
            }
            for (RawSession session : List.of(one, other)) {
                assertThat(bodies(session.send(Frames.subscribe(10)).next().getDeliveries()))
                        .containsExactly("m1", "m2", "m3");
            }
            one.send(ack(2));
            for (int i = 0; i < FLOOD; i++) {
                other.send(ack(i % 4));
            }
            one.send(ack(1));
            other.assertAlive();
            one.assertAlive();
            await("the highest counts").atMost(TestCluster.PATIENCE).untilAsserted(() -> {
                try (RawSession again = STRANGERS.open()) {
                    assertThat(again.attach(reader).getCursor()).isEqualTo(3);
                }
            });
        }
    }

    @Test
    void aClientMayGoAtAnyMoment() {
        List<Consumer<RawSession>> steps = List.of(
                session -> session.send(Frames.hello("odd-gone")),
                RawSession::next,
                session -> session.send(Frames.frame(Attach.newBuilder())),
                session -> session.send(Frames.hello("odd-gone")));
        for (int upTo = 0; upTo <= steps.size(); upTo++) {
            RawSession session = STRANGERS.open();
            steps.subList(0, upTo).forEach(step -> step.accept(session));
            session.cut();
        }
        for (int cut = 0; cut < 4; cut++) {
            RawSession session = STRANGERS.open();
            Identity who = Strangers.somebody();
            session.send(Frames.frame(Frames.attach(who, session.challenge(who.name()))));
            if (cut > 0) {
                assertThat(session.next().hasAttached()).isTrue();
            }
            if (cut > 1) {
                session.send(Frames.subscribe(10));
            }
            if (cut > 2) {
                session.send(requests(1, Frames.send(who.name(), "x")));
            }
            session.cut();
        }
        await("nobody but the honest is left")
                .atMost(TestCluster.PATIENCE)
                .untilAsserted(() ->
                        assertThat(CLUSTER.info(CLUSTER.leader()).sessions()).isEqualTo(HONEST_SESSIONS));
    }
}
