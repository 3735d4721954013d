package io.peerlink.server.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.peerlink.log.v1.Command;
import io.peerlink.protocol.v1.Attach;
import io.peerlink.protocol.v1.Attached;
import io.peerlink.protocol.v1.Challenge;
import io.peerlink.protocol.v1.ClientFrame;
import io.peerlink.protocol.v1.ErrorCode;
import io.peerlink.protocol.v1.Hello;
import io.peerlink.protocol.v1.Ping;
import io.peerlink.protocol.v1.RouterFrame;
import io.peerlink.statemachine.Outcome;
import io.peerlink.statemachine.Rejection;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Attaching, up to the log and back. */
final class PeerStreamTest extends EdgeFixture {
    private static final InetSocketAddress STRANGER = new InetSocketAddress("192.0.2.1", 1234);

    private final KeyPair keys = newKeys();
    private final ByteString publicKey = ByteString.copyFrom(keys.getPublic().getEncoded());
    private PeerStream stream = new PeerStream(context, mapper, client, ByteString.EMPTY, null);

    private static KeyPair newKeys() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private void hello() {
        stream.onNext(ClientFrame.newBuilder()
                .setHello(Hello.newBuilder().setProtocolVersion(1).setName("alice"))
                .build());
    }

    private void register() throws GeneralSecurityException {
        Challenge challenge = client.sent.get(0).getChallenge();
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(keys.getPrivate());
        signature.update(new AttachProof(challenge.getClusterId(), "alice", challenge.getNonce(), ByteString.EMPTY)
                .signedBytes(publicKey));
        stream.onNext(ClientFrame.newBuilder()
                .setAttach(Attach.newBuilder()
                        .setPublicKey(publicKey)
                        .setSignature(ByteString.copyFrom(signature.sign()))
                        .setRegister(true))
                .build());
    }

    private void attachToALeader() throws GeneralSecurityException {
        leadership.gained(7);
        hello();
        register();
        assertThat(batcher.appendNext()).isTrue();
    }

    @Test
    void registersAndAttachesInOneEntry() throws Exception {
        attachToALeader();
        assertThat(client.sent.get(0).getChallenge().getUndecided()).isFalse();
        assertThat(log.batch().getCommandsList())
                .extracting(Command::getKindCase)
                .containsExactly(Command.KindCase.REGISTER_PEER, Command.KindCase.OPEN_SESSION);

        log.answer(new Outcome.Registered(true), new Outcome.SessionOpened(3, 0, 0, 0));

        await().until(() -> client.sent.size() == 2);
        Attached attached = client.sent.get(1).getAttached();
        assertThat(attached.getRegistered()).isTrue();
        assertThat(attached.getIncarnation()).isEqualTo(3);
        assertThat(attached.getTerm()).isEqualTo(7);
    }

    @Test
    void mayPingAFewTimesBeforeItIsAttached() {
        ClientFrame ping =
                ClientFrame.newBuilder().setPing(Ping.newBuilder().setNonce(7)).build();
        for (int i = 0; i < 100; i++) {
            stream.onNext(ping);
        }
        assertThat(client.sent).hasSize(100).allMatch(RouterFrame::hasPong);

        stream.onNext(ping);
        assertThat(errors().get(0).getCode()).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
    }

    @Test
    void isToldWhyItMayNotRegisterAndNothingElse() throws Exception {
        attachToALeader();
        // The state machine would refuse the second, too.
        log.answer(new Outcome.Refused(Rejection.NAME_TAKEN), new Outcome.SessionOpened(3, 0, 0, 0));
        awaitReplies();

        assertThat(client.ended).isDone();
        assertThat(context.sessions().size()).isZero();
        assertThat(client.sent.stream().filter(frame -> !frame.hasChallenge()))
                .extracting(RouterFrame::getKindCase)
                .containsExactly(RouterFrame.KindCase.ERROR);
        assertThat(errors().get(0).getCode()).isEqualTo(ErrorCode.NAME_TAKEN);
    }

    @Test
    void provesItsNameWhileNobodyLeadsAndIsAttachedOnceThisRouterDoes() throws Exception {
        hello();
        assertThat(client.sent.get(0).getChallenge().getUndecided()).isTrue();
        register();
        assertThat(batcher.appendNext()).as("nobody leads").isFalse();

        leadership.gained(7);

        assertThat(batcher.appendNext()).isTrue();
        log.answer(new Outcome.Registered(true), new Outcome.SessionOpened(3, 0, 0, 0));
        await().until(() -> client.sent.size() == 2);
        assertThat(client.sent.get(1).getAttached().getTerm()).isEqualTo(7);
    }

    @Test
    void isSentOnIfAnotherRouterLeadsInTheEnd() throws Exception {
        hello();
        register();

        otherLeader.set(Optional.of("10.0.0.2:7401"));
        leadership.check();

        assertThat(errors().get(0).getCode()).isEqualTo(ErrorCode.NOT_LEADER);
        assertThat(errors().get(0).getLeaderAddress()).isEqualTo("10.0.0.2:7401");
        assertThat(client.ended).isDone();
        assertThat(batcher.appendNext()).isFalse();
    }

    /** As many names as its address may bring at once have come from there. */
    private void attachFromABusyAddress() throws GeneralSecurityException {
        for (int i = 0; i < 10; i++) {
            assertThat(context.limits().attaches().admit(STRANGER, "busy-" + i, publicKey))
                    .isEmpty();
        }
        leadership.gained(7);
        stream = new PeerStream(context, mapper, client, ByteString.EMPTY, STRANGER);
        hello();
    }

    @Test
    void isRefusedBeforeTheLogIfItsAddressBringsTooManyNames() throws Exception {
        attachFromABusyAddress();

        register();

        assertThat(batcher.appendNext()).as("something for the log").isFalse();
        assertThat(errors()).singleElement().satisfies(error -> {
            assertThat(error.getCode()).isEqualTo(ErrorCode.RATE_LIMITED);
            assertThat(error.getRetryable()).isTrue();
        });
        assertThat(client.ended).isDone();
        assertThat(limited("registrations")).isEqualTo(1);
        assertThat(limited("sessions")).isZero();
    }

    private double limited(String reason) {
        return meters.get("peerlink.attaches.limited")
                .tag("reason", reason)
                .counter()
                .count();
    }

    /** The peer itself has attached as often as it may at once. */
    private void attachOnceMore() throws GeneralSecurityException {
        registered.keys.put("alice", publicKey);
        for (int i = 0; i < 10; i++) {
            assertThat(context.limits().attaches().admit(STRANGER, "alice", publicKey))
                    .isEmpty();
        }
        leadership.gained(7);
        stream = new PeerStream(context, mapper, client, ByteString.EMPTY, STRANGER);
        hello();
    }

    @Test
    void isRefusedBeforeTheLogIfItAttachesTooFast() throws Exception {
        attachOnceMore();

        register();

        assertThat(batcher.appendNext()).as("something for the log").isFalse();
        assertThat(errors()).singleElement().satisfies(error -> {
            assertThat(error.getCode()).isEqualTo(ErrorCode.RATE_LIMITED);
            assertThat(error.getMessage()).contains("open sessions faster");
            assertThat(error.getRetryable()).isTrue();
        });
        assertThat(client.ended).isDone();
        assertThat(limited("sessions")).isEqualTo(1);
        assertThat(context.limits().attaches().admit(STRANGER, "somebody-else", publicKey))
                .as("another from there")
                .isEmpty();
    }

    @Test
    void mayAttachAgainASecondLater() throws Exception {
        attachOnceMore();
        clock.advance(Duration.ofSeconds(1));

        register();

        assertThat(batcher.appendNext()).isTrue();
    }

    @Test
    void isNotChargedForThoseWhoKnowItsNameOnly() throws Exception {
        registered.keys.put("alice", publicKey);
        for (int i = 0; i < 100; i++) {
            context.limits().attaches().admit(STRANGER, "alice", ByteString.copyFromUtf8("a thief's"));
        }
        assertThat(context.limits().attaches().admit(STRANGER, "alice", publicKey))
                .isEmpty();
    }

    @Test
    void mayRegisterAgainASecondLater() throws Exception {
        attachFromABusyAddress();
        clock.advance(Duration.ofSeconds(1));

        register();

        assertThat(batcher.appendNext()).isTrue();
    }

    @Test
    void isNotCountedUnderItsOwnName() throws Exception {
        registered.keys.put("alice", publicKey);
        attachFromABusyAddress();

        register();

        assertThat(batcher.appendNext()).isTrue();
    }

    @Test
    void isCountedUnderTheNameOfAnother() throws Exception {
        registered.keys.put("alice", ByteString.copyFromUtf8("of another alice"));
        attachFromABusyAddress();

        register();

        assertThat(errors().get(0).getCode()).isEqualTo(ErrorCode.RATE_LIMITED);
        assertThat(batcher.appendNext()).isFalse();
    }

    @Test
    void isNotChallengedByARouterThatKnowsAnotherLeader() {
        otherLeader.set(Optional.of("10.0.0.2:7401"));

        hello();

        assertThat(client.sent).extracting(RouterFrame::getKindCase).containsExactly(RouterFrame.KindCase.ERROR);
        assertThat(errors().get(0).getCode()).isEqualTo(ErrorCode.NOT_LEADER);
    }
}
