package io.peerlink.integration.cluster;

import static io.peerlink.integration.cluster.Frames.ack;
import static io.peerlink.integration.cluster.Frames.requests;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.peerlink.client.identity.Identity;
import io.peerlink.protocol.v1.Attach;
import io.peerlink.protocol.v1.ClientFrame;
import io.peerlink.protocol.v1.Error;
import io.peerlink.protocol.v1.ErrorCode;
import io.peerlink.protocol.v1.Hello;
import io.peerlink.protocol.v1.OutcomeRun;
import io.peerlink.protocol.v1.Request;
import io.peerlink.protocol.v1.RouterFrame;
import io.peerlink.protocol.v1.Subscribe;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Bad input on the session stream gets its code; the stream survives where the protocol says so. After every test two honest
 * sessions that were there before still talk, over connections that never broke.
 */
final class BadInputIT {
    private static final int BODY_BYTES_MAX = 256 * 1024;
    private static final int REQUESTS_MAX = 1_000;

    @RegisterExtension
    @Order(1)
    static final TestCluster CLUSTER = TestCluster.ofThree();

    @RegisterExtension
    @Order(2)
    static final Strangers STRANGERS = Strangers.on(CLUSTER);

    @Test
    void theFirstFrameMustBeHello() {
        for (ClientFrame first : List.of(
                ClientFrame.getDefaultInstance(),
                Frames.frame(Attach.newBuilder()),
                requests(1, Frames.send("bob", "x")),
                Frames.subscribe(1),
                Frames.credit(1),
                ack(1),
                ClientFrame.newBuilder()
                        .setDetach(io.peerlink.protocol.v1.Detach.getDefaultInstance())
                        .build())) {
            try (RawSession session = STRANGERS.open()) {
                session.send(first).assertEndsWith(ErrorCode.PROTOCOL_VIOLATION);
            }
        }
    }

    @Test
    void helloAndAttachComeOnce() {
        try (RawSession session = STRANGERS.open()) {
            session.challenge("twice");
            session.send(Frames.hello("twice")).assertEndsWith(ErrorCode.PROTOCOL_VIOLATION);
        }
        try (RawSession session = STRANGERS.attached()) {
            session.send(Frames.frame(Attach.newBuilder())).assertEndsWith(ErrorCode.PROTOCOL_VIOLATION);
        }
        try (RawSession session = STRANGERS.attached()) {
            session.send(Frames.hello("again")).assertEndsWith(ErrorCode.PROTOCOL_VIOLATION);
        }
    }

    @Test
    void anotherProtocolVersionIsRefused() {
        try (RawSession session = STRANGERS.open()) {
            session.send(ClientFrame.newBuilder()
                            .setHello(Hello.newBuilder().setProtocolVersion(99).setName("alice"))
                            .build())
                    .assertEndsWith(ErrorCode.UNSUPPORTED_VERSION);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a b",
                " alice",
                "-dash",
                ".dot",
                "_low",
                "älice",
                "аlice",
                "ali\u0000ce",
                "ali\u001b[31mce",
                "alice\n",
                "a/b",
                "a~b",
                "a:b",
                "\ud83d\ude00",
                "0123456789012345678901234567890123456789012345678901234567890123x"
            })
    void badNamesAreRefusedEverywhere(String name) {
        try (RawSession session = STRANGERS.open()) {
            session.send(Frames.hello(name)).assertEndsWith(ErrorCode.BAD_NAME);
        }
        try (RawSession session = STRANGERS.attached()) {
            session.assertRefused(requests(1, Frames.send(name, "x")), ErrorCode.BAD_NAME);
            session.assertRefused(requests(2, Frames.createGroup(name)), ErrorCode.BAD_NAME);
            session.assertAlive();
        }
    }

    @Test
    void onlyTheHolderOfTheKeyAttaches() throws GeneralSecurityException {
        Identity owner = Identity.generate("key-holder");
        try (RawSession session = STRANGERS.open()) {
            session.attach(owner);
        }
        try (RawSession session = STRANGERS.open()) {
            Attach.Builder forged = Frames.attach(owner, session.challenge("key-holder"));
            forged.setSignature(ByteString.copyFrom(new byte[64]));
            session.send(Frames.frame(forged)).assertEndsWith(ErrorCode.BAD_SIGNATURE);
        }
        try (RawSession session = STRANGERS.open()) {
            Identity thief = Identity.generate("key-holder");
            Attach.Builder attach = Frames.attach(thief, session.challenge("key-holder"));
            session.send(Frames.frame(attach.setRegister(false))).assertEndsWith(ErrorCode.WRONG_KEY);
        }
        try (RawSession session = STRANGERS.open()) {
            Attach.Builder nobody = Frames.attach(Identity.generate("nobody"), session.challenge("nobody"));
            session.send(Frames.frame(nobody.setRegister(false))).assertEndsWith(ErrorCode.NOT_REGISTERED);
        }
        byte[] agreementKey = KeyPairGenerator.getInstance("X25519")
                .generateKeyPair()
                .getPublic()
                .getEncoded();
        byte[] rsaKey = KeyPairGenerator.getInstance("RSA")
                .generateKeyPair()
                .getPublic()
                .getEncoded();
        for (byte[] bad : List.of(new byte[0], new byte[44], agreementKey, rsaKey)) {
            try (RawSession session = STRANGERS.open()) {
                Attach.Builder attach = Frames.attach(owner, session.challenge("key-holder"));
                attach.setPublicKey(ByteString.copyFrom(bad));
                session.send(Frames.frame(attach)).assertEndsWith(ErrorCode.BAD_KEY);
            }
        }
    }

    @Test
    void aRecordedAttachIsWorthlessOnAnotherStream() {
        Identity owner = Identity.generate("replayed");
        try (RawSession first = STRANGERS.open();
                RawSession second = STRANGERS.open()) {
            Attach.Builder recorded = Frames.attach(owner, first.challenge("replayed"));
            second.challenge("replayed");
            second.send(Frames.frame(recorded)).assertEndsWith(ErrorCode.BAD_SIGNATURE);
        }
    }

    /** A client gave the first connection up; what it had sent on it arrives when it is long attached by another. */
    @Test
    void anAttachThatArrivesLateDoesNotEndItsSuccessor() {
        Identity owner = Identity.generate("overtaken");
        try (RawSession begun = STRANGERS.open();
                RawSession late = STRANGERS.open();
                RawSession successor = STRANGERS.open()) {
            long incarnation = begun.attach(owner).getIncarnation();
            Attach.Builder resumed = Frames.attach(owner, late.challenge("overtaken"));
            successor.send(Frames.frame(
                    Frames.attach(owner, successor.challenge("overtaken")).setResumeIncarnation(incarnation)));
            assertThat(successor.next().hasAttached()).isTrue();
            begun.assertEndsWith(ErrorCode.SESSION_REPLACED);
            late.send(Frames.frame(resumed.setResumeIncarnation(incarnation)))
                    .assertEndsWith(ErrorCode.SESSION_REPLACED);
            successor.assertAlive();
        }
    }

    @Test
    void requestsThatMakeNoSenseAreOutcomesAndTheStreamSurvives() {
        try (RawSession session = STRANGERS.attached()) {
            session.assertRefused(requests(1, Request.getDefaultInstance()), ErrorCode.BAD_REQUEST);
            session.assertRefused(requests(2, Frames.send("no-such-peer", "x")), ErrorCode.UNKNOWN_NAME);
            session.assertRefused(
                    requests(3, Frames.send("honest-alice", BODY_BYTES_MAX + 1)), ErrorCode.BODY_TOO_LARGE);
            session.assertRefused(requests(4, Frames.createGroup("honest-alice")), ErrorCode.NAME_TAKEN);
            session.assertAlive();
        }
    }

    @Test
    void aFrameBeyondTheTransportsLimitEndsOnlyItsOwnStream() {
        try (RawSession session = STRANGERS.attached()) {
            session.send(requests(1, Frames.send("honest-alice", 16 << 20))).awaitEnd();
        }
    }

    @Test
    void aRequestCountsOnceAndItsSequenceIsTakenForGood() {
        try (RawSession session = STRANGERS.attached()) {
            ClientFrame first = requests(1, Frames.send("honest-sink", "once"));
            OutcomeRun outcome = session.outcome(first);
            assertThat(outcome.hasSent()).isTrue();
            assertThat(session.outcome(first)).as("the same outcome again").isEqualTo(outcome);
            session.assertRefused(requests(1, Frames.send("honest-sink", "other")), ErrorCode.SEQUENCE_CONFLICT);
            session.assertRefused(requests(5, Frames.send("honest-sink", "hole")), ErrorCode.SEQUENCE_GAP);
            session.assertRefused(requests(-1, Frames.send("honest-sink", "huge")), ErrorCode.SEQUENCE_GAP);
            session.assertRefused(requests(0, Frames.send("honest-sink", "zero")), ErrorCode.SEQUENCE_FORGOTTEN);
            OutcomeRun next = session.outcome(requests(2, Frames.send("honest-sink", "two")));
            assertThat(next.getSent().getFirstMessageSequence())
                    .isEqualTo(outcome.getSent().getFirstMessageSequence() + 1);
            session.assertRefused(
                    requests(1, 2, List.of(Frames.send("honest-sink", "once"))), ErrorCode.SEQUENCE_FORGOTTEN);
            session.assertAlive();
        }
    }

    @Test
    void anAbsurdRetryHorizonHarmsOnlyItsOwnSession() {
        try (RawSession session = STRANGERS.attached()) {
            session.send(requests(1, -1, List.of(Frames.send("honest-sink", "x"))))
                    .next();
            session.send(requests(1, 1L << 40, List.of(Frames.send("honest-sink", "x"))))
                    .next();
        }
    }

    @Test
    void aFrameHoldsOneToAThousandRequests() {
        try (RawSession session = STRANGERS.attached()) {
            session.send(requests(1)).assertEndsWith(ErrorCode.PROTOCOL_VIOLATION);
        }
        try (RawSession session = STRANGERS.attached()) {
            Request request = Frames.send("honest-sink", "x");
            session.send(requests(1, 1, Collections.nCopies(REQUESTS_MAX, request)));
            session.outcomes(REQUESTS_MAX);
            session.send(requests(REQUESTS_MAX + 1, 1, Collections.nCopies(REQUESTS_MAX + 1, request)))
                    .assertEndsWith(ErrorCode.PROTOCOL_VIOLATION);
        }
    }

    @Test
    void aCursorMayNotLeadTheInboxAndNeverGoesBack() {
        try (RawSession session = STRANGERS.attached()) {
            session.send(ack(1));
            assertThat(session.error().getCode()).isEqualTo(ErrorCode.NOT_SUBSCRIBED);
            session.send(Frames.credit(1));
            assertThat(session.error().getCode()).isEqualTo(ErrorCode.NOT_SUBSCRIBED);
            session.assertAlive();
        }
        Identity who = Identity.generate("raw-cursor");
        try (RawSession session = STRANGERS.open()) {
            session.attach(who);
            session.outcome(requests(1, Frames.send("raw-cursor", "to myself")));
            RouterFrame delivery = session.send(Frames.subscribe(100)).next();
            long head = delivery.getDeliveries().getUpToInboxSequence();
            assertThat(head).isPositive();
            session.send(ack(head + 1_000));
            assertThat(session.error().getCode()).isEqualTo(ErrorCode.CURSOR_BEYOND_HEAD);
            session.send(ack(-1));
            assertThat(session.error().getCode()).isEqualTo(ErrorCode.CURSOR_BEYOND_HEAD);
            session.send(ack(head));
            RouterFrame receipt = session.next();
            assertThat(receipt.getDeliveries().getDeliveries(0).hasReceipt()).isTrue();
            session.send(ack(0)).assertAlive();
        }
        try (RawSession session = STRANGERS.open()) {
            assertThat(session.attach(who).getCursor()).as("the cursor stayed").isPositive();
        }
    }

    @Test
    void aSubscriptionNeedsCreditAndComesOnce() {
        try (RawSession session = STRANGERS.attached()) {
            session.send(Frames.subscribe(0)).assertEndsWith(ErrorCode.PROTOCOL_VIOLATION);
        }
        try (RawSession session = STRANGERS.attached()) {
            session.send(Frames.subscribe(1)).send(Frames.subscribe(1)).assertEndsWith(ErrorCode.PROTOCOL_VIOLATION);
        }
        try (RawSession session = STRANGERS.attached()) {
            session.send(Frames.subscribe(1)).send(Frames.credit(0)).assertAlive();
        }
        try (RawSession session = STRANGERS.attached()) {
            session.send(ClientFrame.newBuilder()
                            .setSubscribe(Subscribe.newBuilder().setCredit(1).setReceiptsOnly(true))
                            .build())
                    .send(ack(1));
            assertThat(session.error().getCode()).isEqualTo(ErrorCode.NOT_SUBSCRIBED);
        }
    }

    @Test
    void aFollowerNamesTheLeader() {
        try (RawSession session = RawSession.open(CLUSTER.follower().clientAddress())) {
            session.send(Frames.hello("anybody"));
            Error error = session.error();
            assertThat(error.getCode()).isEqualTo(ErrorCode.NOT_LEADER);
            assertThat(error.getRetryable()).isTrue();
            assertThat(error.getLeaderAddress()).isEqualTo(CLUSTER.leader().clientAddress());
            session.awaitEnd();
        }
    }
}
