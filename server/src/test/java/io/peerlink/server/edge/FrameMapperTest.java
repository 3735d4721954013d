package io.peerlink.server.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.peerlink.log.v1.Command;
import io.peerlink.log.v1.SessionRequests;
import io.peerlink.protocol.v1.CreateGroup;
import io.peerlink.protocol.v1.Deliveries;
import io.peerlink.protocol.v1.ErrorCode;
import io.peerlink.protocol.v1.LeaveGroup;
import io.peerlink.protocol.v1.MarkRead;
import io.peerlink.protocol.v1.Messages;
import io.peerlink.protocol.v1.OutcomeRun;
import io.peerlink.protocol.v1.PublishKeys;
import io.peerlink.protocol.v1.ReceiptKind;
import io.peerlink.protocol.v1.Request;
import io.peerlink.protocol.v1.Requests;
import io.peerlink.protocol.v1.Send;
import io.peerlink.server.config.ConfigLoader;
import io.peerlink.statemachine.Outcome.RequestResult;
import io.peerlink.statemachine.Outcome.RequestRun;
import io.peerlink.statemachine.Rejection;
import io.peerlink.statemachine.StateView.InboxEntry;
import io.peerlink.statemachine.StateView.InboxPage;
import io.peerlink.statemachine.StateView.MessagesView;
import io.peerlink.statemachine.StateView.ReceiptView;
import io.peerlink.statemachine.StateView.RecipientState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FrameMapperTest {
    private static final long TTL_MAX_MS = 30L * 24 * 3600 * 1000;

    private boolean storageLow;
    private final FrameMapper mapper = new FrameMapper(ConfigLoader.load(Optional.empty(), Map.of()), () -> storageLow);

    @Test
    void sendIsTranslatedWithCanonicalNameAndResolvedTtl() {
        SessionRequests command = only(send("Bob", "hi", 0));

        assertThat(command.getPeer()).isEqualTo("alice");
        assertThat(command.getIncarnation()).isEqualTo(3);
        assertThat(command.getFirstSequence()).isEqualTo(7);
        assertThat(command.getLowestUnsettled()).isEqualTo(5);
        assertThat(command.getRequests(0).getSendMessage().getTo()).isEqualTo("bob");
        assertThat(command.getRequests(0).getSendMessage().getBodies(0)).isEqualTo(ByteString.copyFromUtf8("hi"));
        assertThat(command.getRequests(0).getSendMessage().getTtlMs()).isEqualTo(TTL_MAX_MS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "-a", ".a", "a b", "a/b", "a~b", "é", "ａ", "a\u0000", "a\n", "a\u202E", "ǅ"})
    void badNamesAreRefusedInTheLog(String name) {
        assertThat(rejection(send(name, "hi", 0))).isEqualTo(Rejection.BAD_NAME);
        Request create = Request.newBuilder()
                .setCreateGroup(CreateGroup.newBuilder().setGroup(name))
                .build();
        assertThat(rejection(create)).isEqualTo(Rejection.BAD_NAME);
    }

    @Test
    void longestNameIsSixtyFourCharacters() {
        assertThat(only(send("a".repeat(64), "hi", 0)).getRequests(0).hasSendMessage())
                .isTrue();
        assertThat(rejection(send("a".repeat(65), "hi", 0))).isEqualTo(Rejection.BAD_NAME);
    }

    @Test
    void sizesTimesAndTypesAreChecked() {
        assertThat(rejection(send("bob", "x".repeat(256 * 1024 + 1), 0))).isEqualTo(Rejection.BODY_TOO_LARGE);
        assertThat(rejection(send("bob", "x", 999))).isEqualTo(Rejection.BAD_TTL);
        assertThat(rejection(send("bob", "x", -1))).isEqualTo(Rejection.BAD_TTL);
        assertThat(rejection(send("bob", "x", TTL_MAX_MS + 1))).isEqualTo(Rejection.BAD_TTL);
        assertThat(rejection(typed("text/plain\n"))).isEqualTo(Rejection.BAD_CONTENT_TYPE);
        assertThat(rejection(typed("x".repeat(128)))).isEqualTo(Rejection.BAD_CONTENT_TYPE);
        assertThat(rejection(Request.getDefaultInstance())).isEqualTo(Rejection.BAD_REQUEST);
    }

    @Test
    void publishedKeysAreOpaqueButBounded() {
        var command = only(publish(32, 64)).getRequests(0).getPublishKeys();
        assertThat(command.getEncryptionKey().size()).isEqualTo(32);
        assertThat(command.getSignature().size()).isEqualTo(64);
        assertThat(only(publish(1_024, 1_024)).getRequests(0).hasPublishKeys()).isTrue();
        assertThat(rejection(publish(0, 64))).isEqualTo(Rejection.BAD_ENCRYPTION_KEY);
        assertThat(rejection(publish(32, 0))).isEqualTo(Rejection.BAD_ENCRYPTION_KEY);
        assertThat(rejection(publish(1_025, 64))).isEqualTo(Rejection.BAD_ENCRYPTION_KEY);
        assertThat(rejection(publish(32, 1_025))).isEqualTo(Rejection.BAD_ENCRYPTION_KEY);
    }

    @Test
    void withLittleRoomOnTheDiskOnlyNewMessagesAreRefused() {
        storageLow = true;
        assertThat(rejection(send("bob", "x", 0))).isEqualTo(Rejection.STORAGE_LOW);
        Request leave = Request.newBuilder()
                .setLeaveGroup(LeaveGroup.newBuilder().setGroup("team"))
                .build();
        assertThat(only(mapper, leave).getRequests(0).hasLeaveGroup()).isTrue();
        storageLow = false;
        assertThat(only(mapper, send("bob", "x", 0)).getRequests(0).hasSendMessage())
                .isTrue();
    }

    @Test
    void differentRequestsHaveDifferentChecksums() {
        assertThat(checksum(mapper, send("bob", "one", 0))).isEqualTo(checksum(mapper, send("bob", "one", 0)));
        assertThat(checksum(mapper, send("bob", "one", 0))).isNotEqualTo(checksum(mapper, send("bob", "two", 0)));
        assertThat(checksum(mapper, send("Bad Name", "one", 0)))
                .isNotEqualTo(checksum(mapper, send("Bad Name", "two", 0)));
    }

    @Test
    void checksumIsOfThePublicRequestWhateverTheLimitsMakeOfIt() {
        Map<String, String> strict = Map.of("PEERLINK_LIMITS_TTL", "1h", "PEERLINK_LIMITS_BODY_BYTES", "2KiB");
        FrameMapper other = new FrameMapper(ConfigLoader.load(Optional.empty(), strict), () -> false);
        Request resolved = send("bob", "hi", 0);
        Request tooLarge = send("bob", "x".repeat(3_000), 0);

        assertThat(only(other, resolved)).isNotEqualTo(only(mapper, resolved));
        assertThat(checksum(other, resolved)).isEqualTo(checksum(mapper, resolved));
        assertThat(only(other, tooLarge).getRequests(0).hasRefused()).isTrue();
        assertThat(checksum(other, tooLarge)).isEqualTo(checksum(mapper, tooLarge));
        byte[] withoutBodies =
                tooLarge.getSend().toBuilder().clearBodies().build().toByteArray();
        CRC32C expected = new CRC32C();
        expected.update(withoutBodies);
        expected.update(withoutBodies.length);
        expected.update(tooLarge.getSend().getBodies(0).toByteArray());
        assertThat(checksum(mapper, tooLarge)).isEqualTo((int) expected.getValue());
    }

    @Test
    void conversationsOfPairsAreBroughtIntoOrder() {
        Request mark = Request.newBuilder()
                .setMarkRead(MarkRead.newBuilder().setConversation("Zoe~adam").setUpToSequence(4))
                .build();

        assertThat(only(mark).getRequests(0).getMarkRead().getConversation()).isEqualTo("adam~zoe");
    }

    @Test
    void largeFramesBecomeSeveralCommandsWithConsecutiveSequences() {
        Requests.Builder frame = Requests.newBuilder().setFirstSequence(7).setLowestUnsettled(7);
        for (int i = 0; i < 10; i++) {
            frame.addRequests(send("bob", "x".repeat(100_000), 0));
        }

        List<Command> commands = mapper.requests("alice", 3, frame.build(), false);

        assertThat(commands).hasSizeBetween(3, 5);
        long next = 7;
        for (Command command : commands) {
            assertThat(command.getSessionRequests().getFirstSequence()).isEqualTo(next);
            next += CommandWriter.sequences(command.getSessionRequests());
        }
        assertThat(next).isEqualTo(17);
    }

    @Test
    void neighboursThatAreAlikeShareARequestThoughTheClientSentThemOneByOne() {
        Requests frame = Requests.newBuilder()
                .setFirstSequence(1)
                .addRequests(send("Bob", "a", 0))
                .addRequests(send("bob", "b", TTL_MAX_MS))
                .addRequests(send("carol", "c", 0))
                .addRequests(send("a b", "d", 0))
                .addRequests(send("c d", "e", 0))
                .build();

        SessionRequests command =
                mapper.requests("alice", 3, frame, false).get(0).getSessionRequests();

        assertThat(command.getRequestsList())
                .extracting(io.peerlink.log.v1.Request::getChecksumsCount)
                .containsExactly(2, 1, 2);
    }

    @Test
    void oneLargeSendBecomesSeveralCommandsToo() {
        Send.Builder send = Send.newBuilder().setTo("bob");
        for (int i = 0; i < 10; i++) {
            send.addBodies(ByteString.copyFromUtf8(i + "x".repeat(100_000)));
        }
        Requests frame = Requests.newBuilder()
                .setFirstSequence(7)
                .addRequests(Request.newBuilder().setSend(send))
                .build();

        List<SessionRequests> commands = mapper.requests("alice", 3, frame, false).stream()
                .map(Command::getSessionRequests)
                .toList();

        assertThat(commands).hasSizeBetween(3, 5).allMatch(command -> command.getSerializedSize() < 400_000);
        assertThat(commands.get(1).getFirstSequence()).isEqualTo(7 + CommandWriter.sequences(commands.get(0)));
        assertThat(commands.stream()
                        .flatMap(command -> command.getRequestsList().stream())
                        .flatMap(request -> request.getSendMessage().getBodiesList().stream())
                        .toList())
                .isEqualTo(send.getBodiesList());
    }

    @Test
    void oneOfSeveralBodiesMayBeRefused() {
        Send.Builder send = Send.newBuilder()
                .setTo("bob")
                .addBodies(ByteString.copyFromUtf8("a"))
                .addBodies(ByteString.copyFrom(new byte[256 * 1024 + 1]))
                .addBodies(ByteString.copyFromUtf8("c"));

        SessionRequests command = only(Request.newBuilder().setSend(send).build());

        assertThat(command.getRequestsCount()).isEqualTo(3);
        assertThat(CommandWriter.sequences(command)).isEqualTo(3);
        assertThat(command.getRequests(1).getRefused().getRejection()).isEqualTo(Rejection.BODY_TOO_LARGE.number());
        assertThat(command.getRequests(2).getSendMessage().getBodies(0)).isEqualTo(ByteString.copyFromUtf8("c"));
    }

    @Test
    void aMessageHasTheSameChecksumHoweverSendsArePutTogether() {
        Send.Builder both = Send.newBuilder().setTo("bob");
        both.addBodies(ByteString.copyFromUtf8("one")).addBodies(ByteString.copyFromUtf8("two"));

        assertThat(only(Request.newBuilder().setSend(both).build())
                        .getRequests(0)
                        .getChecksumsList())
                .containsExactly(checksum(mapper, send("bob", "one", 0)), checksum(mapper, send("bob", "two", 0)));
    }

    @Test
    void aSendWithoutABodyIsOneWithAnEmptyOne() {
        Request none =
                Request.newBuilder().setSend(Send.newBuilder().setTo("bob")).build();

        assertThat(only(none)).isEqualTo(only(send("bob", "", 0)));
        assertThat(only(none).getRequests(0).getSendMessage().getBodiesList()).containsExactly(ByteString.EMPTY);
    }

    @Test
    void outcomesKeepTheirRuns() {
        List<OutcomeRun> runs = mapper.outcomes(List.of(
                        new RequestRun(1, 3, new RequestResult.Sent("alice~bob", 9, 77, 1)),
                        new RequestRun(4, 1, new RequestResult.Done("team", 78)),
                        new RequestRun(5, 1, new RequestResult.Refused(Rejection.UNKNOWN_NAME))))
                .getOutcomes()
                .getRunsList();

        assertThat(runs).hasSize(3);
        assertThat(runs.get(0).getCount()).isEqualTo(3);
        assertThat(runs.get(0).getSent().getFirstMessageSequence()).isEqualTo(9);
        assertThat(runs.get(1).getDone().getSubject()).isEqualTo("team");
        assertThat(runs.get(2).getRefused().getCode()).isEqualTo(ErrorCode.UNKNOWN_NAME);
    }

    @Test
    void deliveriesCarryMessagesAndReceipts() {
        List<ByteString> bodies = List.of(ByteString.copyFromUtf8("x"), ByteString.copyFromUtf8("y"));
        Deliveries deliveries = mapper.deliveries(new InboxPage(
                        List.of(
                                new InboxEntry.MessagesEntry(4, new MessagesView("team", 2, "bob", 5, 6, "", bodies)),
                                new InboxEntry.ReceiptEntry(
                                        6, new ReceiptView(RecipientState.EXPIRED, "bob", "alice~bob", 1, 3, 9))),
                        8,
                        false))
                .getDeliveries();

        assertThat(deliveries.getUpToInboxSequence()).isEqualTo(8);
        Messages messages = deliveries.getDeliveries(0).getMessages();
        assertThat(messages.getGroup()).isEqualTo("team");
        assertThat(messages.getFirstSequence()).isEqualTo(2);
        assertThat(messages.getBodiesList()).isEqualTo(bodies);
        assertThat(deliveries.getDeliveries(1).getInboxSequence()).isEqualTo(6);
        assertThat(deliveries.getDeliveries(1).getReceipt().getKind()).isEqualTo(ReceiptKind.EXPIRED);
    }

    @ParameterizedTest
    @EnumSource(Rejection.class)
    void everyRejectionHasAPublicCodeOfItsName(Rejection rejection) {
        assertThat(ErrorMapper.error(rejection).getCode().name()).isEqualTo(rejection.name());
        assertThat(ErrorMapper.error(rejection).getMessage()).isNotBlank();
    }

    private static int checksum(FrameMapper mapper, Request request) {
        return only(mapper, request).getRequests(0).getChecksums(0);
    }

    private SessionRequests only(Request request) {
        return only(mapper, request);
    }

    private static SessionRequests only(FrameMapper mapper, Request request) {
        Requests frame = Requests.newBuilder()
                .setFirstSequence(7)
                .setLowestUnsettled(5)
                .addRequests(request)
                .build();
        List<Command> commands = mapper.requests("alice", 3, frame, false);
        assertThat(commands).hasSize(1);
        return commands.get(0).getSessionRequests();
    }

    private Rejection rejection(Request request) {
        return Rejection.of(only(request).getRequests(0).getRefused().getRejection())
                .orElseThrow();
    }

    private static Request send(String to, String text, long ttlMs) {
        return Request.newBuilder()
                .setSend(Send.newBuilder()
                        .setTo(to)
                        .addBodies(ByteString.copyFromUtf8(text))
                        .setTtlMs(ttlMs))
                .build();
    }

    private static Request publish(int keyBytes, int signatureBytes) {
        return Request.newBuilder()
                .setPublishKeys(PublishKeys.newBuilder()
                        .setEncryptionKey(ByteString.copyFrom(new byte[keyBytes]))
                        .setSignature(ByteString.copyFrom(new byte[signatureBytes])))
                .build();
    }

    private static Request typed(String contentType) {
        return Request.newBuilder()
                .setSend(Send.newBuilder().setTo("bob").setContentType(contentType))
                .build();
    }
}
