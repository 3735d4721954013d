package io.peerlink.integration.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.peerlink.client.admin.ClusterAdmin;
import io.peerlink.client.admin.InviteInfo;
import io.peerlink.client.identity.Identity;
import io.peerlink.client.identity.SignedFields;
import io.peerlink.protocol.v1.AdministrationGrpc;
import io.peerlink.protocol.v1.ClientFrame;
import io.peerlink.protocol.v1.ClusterGrpc;
import io.peerlink.protocol.v1.Detach;
import io.peerlink.protocol.v1.ErrorCode;
import io.peerlink.protocol.v1.GetStatusRequest;
import io.peerlink.protocol.v1.IntroduceRequest;
import io.peerlink.protocol.v1.ListGroupsRequest;
import io.peerlink.protocol.v1.ListInvitesRequest;
import io.peerlink.protocol.v1.ListInvitesResponse;
import io.peerlink.protocol.v1.ListMembersRequest;
import io.peerlink.protocol.v1.OutcomeRun;
import io.peerlink.protocol.v1.Request;
import io.peerlink.protocol.v1.RotateKeyRequest;
import io.peerlink.protocol.v1.RouterIdentity;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Bad unary calls, more requests than a stream may have under way, calls to the Raft port, and bytes that are no protocol at
 * all; honest peers notice nothing.
 */
final class BadCallIT {
    private static final int GARBAGE_BYTES = 64 * 1024;
    private static final int READ_LIMIT_MS = 500;
    /** A fixed seed: a failure can be repeated. */
    private static final long SEED = 20261122;

    private static final int HONEST_SESSIONS = 2;
    /** Less than a frame may hold, so that one frame is too much whatever is settled meanwhile. */
    private static final int UNSETTLED_REQUESTS_MAX = 100;

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final ClientFrame DETACH =
            ClientFrame.newBuilder().setDetach(Detach.getDefaultInstance()).build();

    @RegisterExtension
    @Order(1)
    static final TestCluster CLUSTER =
            TestCluster.ofThree().with("limits.unsettled-requests = " + UNSETTLED_REQUESTS_MAX);

    @RegisterExtension
    @Order(2)
    static final Strangers STRANGERS = Strangers.on(CLUSTER);

    private static String reason(StatusRuntimeException refusal) {
        com.google.rpc.Status status = StatusProto.fromThrowable(refusal);
        assertThat(status).as("google.rpc details of " + refusal).isNotNull();
        if (status == null) {
            return "";
        }
        return status.getDetailsList().stream()
                .filter(detail -> detail.is(ErrorInfo.class))
                .map(BadCallIT::unpack)
                .map(ErrorInfo::getReason)
                .findFirst()
                .orElse("");
    }

    private static ErrorInfo unpack(Any detail) {
        try {
            return detail.unpack(ErrorInfo.class);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private static String refusal(Runnable call) {
        StatusRuntimeException refusal = catchThrowableOfType(StatusRuntimeException.class, call::run);
        return refusal == null ? "answered" : reason(refusal);
    }

    @Test
    void aKeyChangesOnlyByTheWordOfBothKeysInThisSession() {
        Identity old = Identity.generate("bad-rotation");
        Identity next = Identity.generate("bad-rotation");
        Identity thief = Identity.generate("bad-rotation");
        try (RawSession session = STRANGERS.open()) {
            String token = session.attach(old).getSessionToken();
            RotateKeyRequest good = rotation(old, next, token);
            ByteString stolen = ByteString.copyFrom(thief.publicKey());
            assertThat(refusal(() -> session.accounts("no token").rotateKey(good)))
                    .isEqualTo("UNAUTHENTICATED");
            for (RotateKeyRequest bad : List.of(
                    good.toBuilder().setNewPublicKey(stolen).build(),
                    good.toBuilder().clearOldSignature().build(),
                    good.toBuilder().setNewSignature(good.getOldSignature()).build(),
                    rotation(old, next, "another session's"))) {
                assertThat(refusal(() -> session.accounts(token).rotateKey(bad)))
                        .isEqualTo("BAD_SIGNATURE");
            }
            assertThat(refusal(() -> session.accounts(token)
                            .rotateKey(good.toBuilder()
                                    .setNewPublicKey(stolen.substring(1))
                                    .build())))
                    .isEqualTo("BAD_SIGNATURE");
            assertThat(refusal(() -> session.accounts(token).rotateKey(RotateKeyRequest.getDefaultInstance())))
                    .isEqualTo("BAD_KEY");
            assertThat(refusal(() -> session.accounts(token).rotateKey(rotation(thief, next, token))))
                    .isEqualTo("WRONG_KEY");
            session.assertAlive();
            assertThat(refusal(() -> session.accounts(token).rotateKey(good))).isEqualTo("answered");
            assertThat(refusal(() -> session.accounts(token).rotateKey(good)))
                    .as("again")
                    .isEqualTo("answered");
        }
    }

    private static RotateKeyRequest rotation(Identity from, Identity to, String token) {
        byte[] signed = SignedFields.of(
                "peerlink-rotate-v1".getBytes(StandardCharsets.US_ASCII),
                CLUSTER.info(CLUSTER.leader()).clusterId().getBytes(StandardCharsets.US_ASCII),
                from.name().getBytes(StandardCharsets.US_ASCII),
                token.getBytes(StandardCharsets.US_ASCII),
                from.publicKey(),
                to.publicKey());
        return RotateKeyRequest.newBuilder()
                .setOldPublicKey(ByteString.copyFrom(from.publicKey()))
                .setNewPublicKey(ByteString.copyFrom(to.publicKey()))
                .setOldSignature(ByteString.copyFrom(from.sign(signed)))
                .setNewSignature(ByteString.copyFrom(to.sign(signed)))
                .build();
    }

    @Test
    void whatAStrangerSaysOfARouterIsNotRemembered() {
        var router = CLUSTER.info(CLUSTER.leader());
        IntroduceRequest claim = IntroduceRequest.newBuilder()
                .setSelf(RouterIdentity.newBuilder()
                        .setClusterId(router.clusterId())
                        .setRouterId(router.routerId())
                        .setIncarnation("a stranger's")
                        .setOrigin("new"))
                .build();
        try (RawSession session = STRANGERS.open()) {
            var stub = ClusterGrpc.newBlockingStub(session.channel());
            assertThat(stub.introduce(claim).getMember()).isTrue();
            assertThat(stub.introduce(claim).getKnownIncarnation()).isNotEqualTo("a stranger's");
        }
    }

    @Test
    void invitesAreListedInPagesOfAnySize() {
        ClusterAdmin admin = new ClusterAdmin(CLUSTER.servers(), TestCluster.PATIENCE);
        for (int i = 0; i < 3; i++) {
            admin.createInvite(Optional.empty(), Duration.ofHours(1));
        }
        List<String> all = admin.invites().stream().map(InviteInfo::codeHash).toList();
        try (RawSession session = STRANGERS.open()) {
            var stub = AdministrationGrpc.newBlockingStub(session.channel());
            List<String> found = new ArrayList<>();
            ListInvitesResponse page =
                    ListInvitesResponse.newBuilder().setMore(true).build();
            while (page.getMore()) {
                page = stub.listInvites(ListInvitesRequest.newBuilder()
                        .setPageSize(2)
                        .setAfterCodeHash(last(page))
                        .build());
                assertThat(page.getInvitesCount()).isBetween(1, 2);
                page.getInvitesList()
                        .forEach(invite -> found.add(
                                HexFormat.of().formatHex(invite.getCodeHash().toByteArray())));
            }
            assertThat(found).isEqualTo(all).hasSizeGreaterThanOrEqualTo(3);
            assertThat(stub.listInvites(ListInvitesRequest.newBuilder()
                                    .setPageSize(-1)
                                    .build())
                            .getInvitesCount())
                    .as("an unsigned number")
                    .isEqualTo(all.size());
            assertThat(refusal(() -> stub.listInvites(ListInvitesRequest.newBuilder()
                            .setAfterCodeHash(ByteString.copyFromUtf8("short"))
                            .build())))
                    .isEqualTo("BAD_REQUEST");
        }
    }

    private static ByteString last(ListInvitesResponse page) {
        return page.getInvitesCount() == 0
                ? ByteString.EMPTY
                : page.getInvites(page.getInvitesCount() - 1).getCodeHash();
    }

    @Test
    void questionsNeedTheTokenOfAnAttachedSession() {
        String token;
        try (RawSession session = STRANGERS.open()) {
            token = session.attach(Identity.generate("token-holder")).getSessionToken();
            ListGroupsRequest question = ListGroupsRequest.getDefaultInstance();
            assertThat(session.queries(token).listGroups(question).getGroupsList())
                    .isEmpty();
            assertThat(refusal(() -> session.queries().listGroups(question))).isEqualTo("UNAUTHENTICATED");
            assertThat(refusal(() -> session.queries("guess").listGroups(question)))
                    .isEqualTo("UNAUTHENTICATED");
            session.send(DETACH).awaitEnd();
            await("the token ends with its stream")
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(
                                    refusal(() -> session.queries(token).listGroups(question)))
                            .isEqualTo("UNAUTHENTICATED"));
        }
    }

    @Test
    void aRouterForgetsASessionHoweverItsStreamEnds() {
        awaitSessions(HONEST_SESSIONS);
        try (RawSession detached = STRANGERS.open();
                RawSession violated = STRANGERS.open();
                RawSession halfClosed = STRANGERS.open();
                RawSession cut = STRANGERS.open()) {
            for (RawSession session : List.of(detached, violated, halfClosed, cut)) {
                session.attach(Identity.generate("ends-" + System.nanoTime()));
            }
            awaitSessions(HONEST_SESSIONS + 4);
            detached.send(DETACH).awaitEnd();
            violated.send(Frames.requests(1)).awaitEnd();
            halfClosed.complete().awaitEnd();
            cut.cut();
            awaitSessions(HONEST_SESSIONS);
        }
    }

    private static void awaitSessions(int sessions) {
        await("sessions attached to the leader")
                .atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(CLUSTER.info(CLUSTER.leader()).sessions()).isEqualTo(sessions));
    }

    @Test
    void aStreamHasNoMoreRequestsUnderWayThanItWasTold() {
        try (RawSession session = STRANGERS.open()) {
            assertThat(session.attach(Identity.generate("window")).getUnsettledRequestsMax())
                    .isEqualTo(UNSETTLED_REQUESTS_MAX);
            Request request = Frames.send("honest-sink", "x");
            session.send(Frames.requests(1, 1, Collections.nCopies(UNSETTLED_REQUESTS_MAX, request)))
                    .outcomes(UNSETTLED_REQUESTS_MAX);
            session.send(Frames.requests(
                            UNSETTLED_REQUESTS_MAX + 1, 1, Collections.nCopies(UNSETTLED_REQUESTS_MAX + 1, request)))
                    .assertEndsWith(ErrorCode.WINDOW_EXCEEDED);
        }
    }

    @Test
    void whatIsNotYoursDoesNotExist() {
        try (RawSession one = STRANGERS.open();
                RawSession other = STRANGERS.open()) {
            one.attach(Identity.generate("pair-one"));
            String token = other.attach(Identity.generate("pair-other")).getSessionToken();
            OutcomeRun sent = one.outcome(Frames.requests(1, Frames.send("honest-sink", "private")));
            one.outcome(Frames.requests(2, Frames.createGroup("pair-team")));
            GetStatusRequest foreign = GetStatusRequest.newBuilder()
                    .setConversation(sent.getSent().getConversation())
                    .setSequence(sent.getSent().getFirstMessageSequence())
                    .build();
            GetStatusRequest nothing = foreign.toBuilder().setSequence(9_999).build();
            ListMembersRequest members =
                    ListMembersRequest.newBuilder().setGroup("pair-team").build();
            assertThat(refusal(() -> other.queries(token).getStatus(foreign))).isEqualTo("UNKNOWN_MESSAGE");
            assertThat(refusal(() -> other.queries(token).getStatus(nothing))).isEqualTo("UNKNOWN_MESSAGE");
            assertThat(refusal(() -> other.queries(token).listMembers(members))).isEqualTo("NOT_A_MEMBER");
            assertThat(refusal(() -> other.queries(token)
                            .listMembers(members.toBuilder()
                                    .setGroup("no-such-group")
                                    .build())))
                    .isEqualTo("UNKNOWN_NAME");
            assertThat(refusal(() -> other.queries(token)
                            .getStatus(foreign.toBuilder().setConversation("!!").build())))
                    .isEqualTo("BAD_ID");
        }
    }

    @Test
    void garbageOnAnyPortIsDropped() throws IOException {
        Random random = new Random(SEED);
        byte[] noise = new byte[GARBAGE_BYTES];
        random.nextBytes(noise);
        List<byte[]> garbage = List.of(
                noise,
                "GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n and then nonsense".getBytes(StandardCharsets.US_ASCII),
                new byte[GARBAGE_BYTES]);
        var leader = CLUSTER.info(CLUSTER.leader());
        for (var router : leader.routers()) {
            for (byte[] bytes : garbage) {
                throwAt(router.clientAddress(), bytes);
                throwAt(router.raftAddress(), bytes);
            }
        }
    }

    private static void throwAt(String address, byte[] bytes) throws IOException {
        int colon = address.lastIndexOf(':');
        try (Socket socket = new Socket(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)))) {
            socket.setSoTimeout(READ_LIMIT_MS);
            try {
                socket.getOutputStream().write(bytes);
                socket.shutdownOutput();
                InputStream answer = socket.getInputStream();
                while (answer.read() >= 0) {
                    // Whatever it answers (an HTTP/2 goodbye, as a rule).
                }
            } catch (SocketTimeoutException e) {
                // Nothing answered: fine as well.
            } catch (IOException e) {
                // It hung up, as it should.
            }
        }
    }

    @Test
    void ratisOwnClientAndAdministrationCallsAreRefusedOnTheRaftPort() {
        for (String method : RawCall.OF_RATIS) {
            String raft = CLUSTER.info(CLUSTER.leader()).routers().get(0).raftAddress();
            ManagedChannel channel =
                    ManagedChannelBuilder.forTarget(raft).usePlaintext().build();
            assertThat(RawCall.status(channel, method)).as(method).isEqualTo(Status.Code.PERMISSION_DENIED);
        }
    }
}
