package io.peerlink.integration.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.peerlink.cli.local.LocalRouter;
import io.peerlink.client.ErrorCode;
import io.peerlink.client.MessageId;
import io.peerlink.client.MessageStatus;
import io.peerlink.client.PeerLinkClient;
import io.peerlink.client.PeerLinkException;
import io.peerlink.client.Receipt;
import io.peerlink.client.identity.Identity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who was away, joined or left around a failover gets exactly what it is owed; who has the wrong key gets nothing. */
final class AbsenceIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @RegisterExtension
    static final TestCluster CLUSTER = TestCluster.ofThree();

    private static void failOver() {
        LocalRouter leader = CLUSTER.leader();
        CLUSTER.kill(leader);
        CLUSTER.leaderOtherThan(leader);
    }

    @Test
    void anAbsentRecipientGetsAllAfterAFailover() {
        DeliveryLedger ledger = new DeliveryLedger();
        try (TestPeer sender = CLUSTER.peer("absent-sender", ledger);
                TestPeer recipient = CLUSTER.peer("absent-recipient", ledger)) {
            sender.client().createGroup("absent-team").join();
            recipient.client().joinGroup("absent-team").join();
            recipient.leave();
            List<MessageId> sent = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                sent.add(sender.sent(i % 2 == 0 ? "absent-recipient" : "absent-team"));
            }
            failOver();
            sent.add(sender.sent("absent-recipient"));
            assertThat(sender.client()
                            .pending(Optional.of("absent-recipient"))
                            .join()
                            .count())
                    .isEqualTo(sent.size());
            recipient.comeBack();
            await().atMost(PATIENCE).until(() -> recipient.messages().size() >= sent.size());
            assertThat(recipient.messages()).isEqualTo(sent);
            sent.forEach(id -> await().atMost(PATIENCE)
                    .until(() -> sender.hasReceipt(Receipt.Kind.DELIVERED, recipient.name(), id)));
            assertThat(sender.troubles()).isEmpty();
        }
    }

    @Test
    void anAbsentSenderFindsItsReceiptsAfterAFailover() {
        try (TestPeer sender = CLUSTER.peer("away-sender");
                TestPeer recipient = CLUSTER.peer("away-recipient")) {
            recipient.leave();
            MessageId sent = sender.sent("away-recipient");
            sender.leave();
            recipient.comeBack();
            await().atMost(PATIENCE).until(() -> recipient.messages().contains(sent));
            recipient.client().markRead(sent).join();
            assertThat(recipient.client().drain(PATIENCE)).isTrue();
            failOver();
            sender.comeBack();
            await().atMost(PATIENCE).until(() -> sender.hasReceipt(Receipt.Kind.DELIVERED, recipient.name(), sent));
            await().atMost(PATIENCE).until(() -> sender.hasReceipt(Receipt.Kind.READ, recipient.name(), sent));
            assertThat(sender.client().status(sent).join().recipients())
                    .singleElement()
                    .satisfies(line -> assertThat(line.state()).isEqualTo(MessageStatus.State.READ));
        }
    }

    @Test
    void membershipAtTheMessagesPlaceDecidesAlsoAcrossAFailover() {
        try (TestPeer founder = CLUSTER.peer("member-founder");
                TestPeer stays = CLUSTER.peer("member-stays");
                TestPeer leaves = CLUSTER.peer("member-leaves");
                TestPeer joins = CLUSTER.peer("member-joins")) {
            founder.client().createGroup("member-team").join();
            stays.client().joinGroup("member-team").join();
            leaves.client().joinGroup("member-team").join();
            MessageId first = founder.sent("member-team");
            await().atMost(PATIENCE).until(() -> leaves.messages().contains(first));
            stays.leave();
            failOver();
            joins.client().joinGroup("member-team").join();
            leaves.client().leaveGroup("member-team").join();
            MessageId second = founder.sent("member-team");
            failOverAgain();
            leaves.client().joinGroup("member-team").join();
            stays.comeBack();
            MessageId third = founder.sent("member-team");
            await().atMost(PATIENCE).until(() -> stays.messages().contains(third));
            await().atMost(PATIENCE).until(() -> leaves.messages().contains(third));
            await().atMost(PATIENCE).until(() -> joins.messages().contains(third));
            assertThat(stays.messages()).containsExactly(first, second, third);
            assertThat(leaves.messages()).containsExactly(first, third);
            assertThat(joins.messages()).containsExactly(second, third);
            assertThatThrownBy(() -> leaves.client().joinGroup("member-team").join())
                    .cause()
                    .isInstanceOfSatisfying(
                            PeerLinkException.class,
                            refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.ALREADY_A_MEMBER));
        }
    }

    private static void failOverAgain() {
        CLUSTER.startAll();
        failOver();
    }

    @Test
    void aTakeoverWithAnotherKeyIsRefusedBeforeAndAfterAFailover() {
        try (TestPeer owner = CLUSTER.peer("key-owner");
                TestPeer friend = CLUSTER.peer("key-friend")) {
            owner.leave();
            MessageId waiting = friend.sent("key-owner");
            assertTakeoverRefused();
            failOver();
            assertTakeoverRefused();
            assertThat(friend.client().pending(Optional.of("key-owner")).join().count())
                    .as("still waiting for the owner")
                    .isEqualTo(1);
            owner.comeBack();
            await().atMost(PATIENCE).until(() -> friend.hasReceipt(Receipt.Kind.DELIVERED, "key-owner", waiting));
            assertThat(owner.messages()).containsExactly(waiting);
        }
    }

    /** Attaching is WRONG_KEY, registering anew is NAME_TAKEN. */
    private static void assertTakeoverRefused() {
        assertThat(refusalOfThief(false)).isEqualTo(ErrorCode.WRONG_KEY);
        assertThat(refusalOfThief(true)).isEqualTo(ErrorCode.NAME_TAKEN);
    }

    private static ErrorCode refusalOfThief(boolean register) {
        try (PeerLinkClient thief = PeerLinkClient.builder()
                .servers(CLUSTER.servers())
                .identity(Identity.generate("key-owner"))
                .registerIfUnknown(register)
                .connectionListener(event -> {})
                .build()) {
            return catchThrowableOfType(PeerLinkException.class, () -> thief.awaitAttached(PATIENCE))
                    .code();
        }
    }
}
