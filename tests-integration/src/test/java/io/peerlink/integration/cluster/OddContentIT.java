package io.peerlink.integration.cluster;

import static io.peerlink.integration.cluster.Frames.requests;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.peerlink.client.identity.Identity;
import io.peerlink.protocol.v1.Attach;
import io.peerlink.protocol.v1.ErrorCode;
import io.peerlink.protocol.v1.LeaveGroup;
import io.peerlink.protocol.v1.OutcomeRun;
import io.peerlink.protocol.v1.Request;
import io.peerlink.protocol.v1.RouterFrame;
import io.peerlink.protocol.v1.Send;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Odd names, bodies and group requests on the stream: a definite code, nothing done, and the stream goes on; or they are bytes like any. */
final class OddContentIT {
    private static final int BODY_BYTES_MAX = 256 * 1024;

    @RegisterExtension
    @Order(1)
    static final TestCluster CLUSTER = TestCluster.ofOne();

    @RegisterExtension
    @Order(2)
    static final Strangers STRANGERS = Strangers.on(CLUSTER);

    private static Request leave(String group) {
        return Request.newBuilder()
                .setLeaveGroup(LeaveGroup.newBuilder().setGroup(group))
                .build();
    }

    @Test
    void aNameOfAMebibyteIsNoName() {
        String name = "a".repeat(1 << 20);
        try (RawSession session = STRANGERS.open()) {
            session.send(Frames.hello(name)).assertEndsWith(ErrorCode.BAD_NAME);
        }
        try (RawSession session = STRANGERS.attached()) {
            session.assertRefused(requests(1, Frames.send(name, "x")), ErrorCode.BAD_NAME);
            session.assertRefused(requests(2, Frames.joinGroup(name)), ErrorCode.BAD_NAME);
            session.assertRefused(requests(3, Frames.markRead(name + "~" + name, 1)), ErrorCode.UNKNOWN_CONVERSATION);
            session.assertAlive();
        }
    }

    @Test
    void aBodyIsBytesWhateverItsTypeSays() {
        Identity reader = Strangers.somebody();
        byte[] zeros = new byte[1_000];
        byte[] ones = new byte[1_000];
        Arrays.fill(ones, (byte) 0xff);
        List<ByteString> bodies = List.of(
                ByteString.EMPTY,
                ByteString.copyFromUtf8("x"),
                ByteString.copyFrom(zeros),
                ByteString.copyFrom(ones),
                ByteString.copyFrom(new byte[] {'a', (byte) 0xc3, '(', (byte) 0xed, (byte) 0xa0, (byte) 0x80}),
                ByteString.copyFromUtf8("\u001b[2J\u202e\u0000\r\n"),
                ByteString.copyFrom(new byte[BODY_BYTES_MAX]));
        try (RawSession session = STRANGERS.open();
                RawSession writer = STRANGERS.attached()) {
            session.attach(reader);
            long sequence = 1;
            for (ByteString body : bodies) {
                Request request = Request.newBuilder()
                        .setSend(Send.newBuilder()
                                .setTo(reader.name())
                                .setContentType("text/plain; charset=utf-8")
                                .addBodies(body))
                        .build();
                assertThat(writer.outcome(requests(sequence++, request)).hasSent())
                        .isTrue();
            }
            session.send(Frames.subscribe(100));
            List<ByteString> received = new ArrayList<>();
            while (received.size() < bodies.size()) {
                RouterFrame frame = session.next();
                frame.getDeliveries()
                        .getDeliveriesList()
                        .forEach(delivery ->
                                received.addAll(delivery.getMessages().getBodiesList()));
            }
            assertThat(received).isEqualTo(bodies);
        }
    }

    @Test
    void aContentTypeIsAsciiAndShort() {
        try (RawSession session = STRANGERS.attached()) {
            long sequence = 1;
            for (String type : List.of("text/plain\n", "x".repeat(128), "té", "\u0000", "text/\u202eplain")) {
                Request request = Request.newBuilder()
                        .setSend(Send.newBuilder().setTo("honest-sink").setContentType(type))
                        .build();
                session.assertRefused(requests(sequence++, request), ErrorCode.BAD_CONTENT_TYPE);
            }
            for (long ttl : new long[] {1, 999, -1, Long.MAX_VALUE, Long.MIN_VALUE}) {
                Request request = Request.newBuilder()
                        .setSend(Send.newBuilder().setTo("honest-sink").setTtlMs(ttl))
                        .build();
                session.assertRefused(requests(sequence++, request), ErrorCode.BAD_TTL);
            }
            session.assertAlive();
        }
    }

    @Test
    void groupRequestsThatDoNotFitAreRefused() {
        try (RawSession owner = STRANGERS.attached();
                RawSession other = STRANGERS.attached()) {
            assertThat(owner.outcome(requests(1, Frames.createGroup("odd-group")))
                            .hasDone())
                    .isTrue();
            owner.assertRefused(requests(2, Frames.createGroup("Odd-Group")), ErrorCode.GROUP_EXISTS);
            other.assertRefused(requests(1, Frames.createGroup("odd-group")), ErrorCode.GROUP_EXISTS);
            owner.assertRefused(requests(3, Frames.joinGroup("odd-group")), ErrorCode.ALREADY_A_MEMBER);
            other.assertRefused(requests(2, leave("odd-group")), ErrorCode.NOT_A_MEMBER);
            other.assertRefused(requests(3, Frames.send("odd-group", "x")), ErrorCode.NOT_A_MEMBER);
            other.assertRefused(requests(4, Frames.joinGroup("odd-nothing")), ErrorCode.UNKNOWN_NAME);
            other.assertRefused(requests(5, Frames.joinGroup("honest-alice")), ErrorCode.NOT_A_GROUP);
            OutcomeRun alone = owner.outcome(requests(4, Frames.send("odd-group", "alone")));
            assertThat(alone.getSent().getRecipients()).isZero();
            assertThat(other.outcome(requests(6, Frames.joinGroup("odd-group"))).hasDone())
                    .isTrue();
            OutcomeRun sent = other.outcome(requests(7, Frames.send("odd-group", "soon gone")));
            assertThat(other.outcome(requests(8, leave("odd-group"))).hasDone()).isTrue();
            other.assertRefused(requests(9, leave("odd-group")), ErrorCode.NOT_A_MEMBER);
            assertThat(other.outcome(requests(7, Frames.send("odd-group", "soon gone"))))
                    .as("sent again after it left")
                    .isEqualTo(sent);
        }
    }

    @Test
    void threeWhoJoinSendAndLeaveAtOnceGetAnOutcomeEach() {
        try (RawSession owner = STRANGERS.attached();
                RawSession one = STRANGERS.attached();
                RawSession two = STRANGERS.attached();
                RawSession three = STRANGERS.attached()) {
            owner.outcome(requests(1, Frames.createGroup("odd-busy")));
            List<Request> round =
                    List.of(Frames.joinGroup("odd-busy"), Frames.send("odd-busy", "x"), leave("odd-busy"));
            int rounds = 50;
            for (int i = 0; i < rounds; i++) {
                one.send(requests(1 + 3L * i, 1, round));
                two.send(requests(1 + 3L * i, 1, round));
                three.send(requests(1 + 3L * i, 1, round));
            }
            Set<Long> places = new TreeSet<>();
            int messages = 0;
            for (RawSession session : List.of(one, two, three)) {
                for (OutcomeRun run : session.outcomes(3 * rounds)) {
                    assertThat(run.hasRefused()).as(run.toString()).isFalse();
                    if (run.hasSent()) {
                        messages++;
                        places.add(run.getSent().getFirstMessageSequence());
                    }
                }
            }
            assertThat(messages).isEqualTo(3 * rounds);
            assertThat(places).as("a place of its own each").hasSize(3 * rounds);
        }
    }

    /** Registers a name and tries to register the same as the other kind, from both sides at once. */
    @Test
    void aNameIsAPeersOrAGroups() {
        try (RawSession groups = STRANGERS.attached()) {
            for (int i = 0; i < 10; i++) {
                Identity rival = Identity.generate("odd-rival-" + i);
                try (RawSession peer = STRANGERS.open()) {
                    Attach.Builder attach = Frames.attach(rival, peer.challenge(rival.name()));
                    groups.send(requests(i + 1, Frames.createGroup(rival.name())));
                    peer.send(Frames.frame(attach));
                    RouterFrame attached = peer.next();
                    OutcomeRun created = groups.outcomes(1).get(0);
                    assertThat(attached.hasAttached()).as("one of them gets it").isNotEqualTo(created.hasDone());
                    assertThat(
                                    attached.hasAttached()
                                            ? created.getRefused().getCode()
                                            : attached.getError().getCode())
                            .isEqualTo(ErrorCode.NAME_TAKEN);
                }
            }
        }
    }

    @Test
    void whoTriesManyNamesLearnsOnlyWhetherTheyExist() {
        try (RawSession session = STRANGERS.attached()) {
            List<Request> guesses = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                guesses.add(Frames.send("odd-guess-" + i, "x"));
            }
            List<OutcomeRun> runs = session.send(requests(1, 1, guesses)).outcomes(1_000);
            assertThat(runs).allMatch(run -> run.getRefused().getCode() == ErrorCode.UNKNOWN_NAME);
            session.assertAlive();
        }
    }
}
