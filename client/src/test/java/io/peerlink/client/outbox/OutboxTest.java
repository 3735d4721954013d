package io.peerlink.client.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.peerlink.client.ErrorCode;
import io.peerlink.client.GroupChange;
import io.peerlink.client.OverflowPolicy;
import io.peerlink.client.PeerLinkException;
import io.peerlink.client.ReadMark;
import io.peerlink.client.callback.SerialLane;
import io.peerlink.protocol.v1.AcceptedSends;
import io.peerlink.protocol.v1.Done;
import io.peerlink.protocol.v1.OutcomeRun;
import io.peerlink.protocol.v1.Request;
import io.peerlink.protocol.v1.Requests;
import io.peerlink.protocol.v1.Send;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private static final long FAR = System.nanoTime() + 1_000_000_000_000L;

    private final Outbox outbox = new Outbox(5_000, Long.MAX_VALUE, OverflowPolicy.FAIL, new SerialLane(Runnable::run));

    private PendingRequest.Sending add(int bytes) {
        return add("bob", "x".repeat(bytes));
    }

    private PendingRequest.Sending add(String to, String body) {
        PendingRequest.Sending sending = new PendingRequest.Sending(
                Send.newBuilder().setTo(to).build(), ByteString.copyFromUtf8(body), FAR, false);
        outbox.add(sending);
        return sending;
    }

    private static OutcomeRun run(long first, int count) {
        return OutcomeRun.newBuilder()
                .setFirstSequence(first)
                .setCount(count)
                .setSent(AcceptedSends.newBuilder().setConversation("alice~bob").setFirstMessageSequence(100 + first))
                .build();
    }

    private static int bodies(Optional<Requests> frame) {
        return frame.orElseThrow().getRequestsList().stream()
                .mapToInt(request -> request.getSend().getBodiesCount())
                .sum();
    }

    @Test
    void sendsThatAreAlikeShareARequest() {
        add("bob", "a");
        add("bob", "b");
        outbox.add(new PendingRequest.Doing<>(Request.getDefaultInstance(), FAR, GroupChange::new));
        add("bob", "c");
        add("carol", "d");

        Requests frame = outbox.nextFrame(100).orElseThrow();

        assertThat(frame.getRequestsCount()).isEqualTo(4);
        assertThat(frame.getRequests(0).getSend().getBodiesList())
                .containsExactly(ByteString.copyFromUtf8("a"), ByteString.copyFromUtf8("b"));
        assertThat(frame.getRequests(2).getSend().getTo()).isEqualTo("bob");
        assertThat(frame.getRequests(3).getSend().getTo()).isEqualTo("carol");
    }

    @Test
    void whatIsNotReadyKeepsItsPlaceAndHoldsUpWhatIsBehind() {
        PendingRequest.Sending late =
                new PendingRequest.Sending(Send.newBuilder().setTo("bob").build(), 10, FAR, false);
        add("bob", "a");
        outbox.add(late);
        add("bob", "c");

        assertThat(bodies(outbox.nextFrame(100))).isEqualTo(1);
        assertThat(outbox.nextFrame(100)).isEmpty();
        late.provide(ByteString.copyFromUtf8("b"));

        assertThat(outbox.nextFrame(100).orElseThrow().getRequests(0).getSend().getBodiesList())
                .containsExactly(ByteString.copyFromUtf8("b"), ByteString.copyFromUtf8("c"));
        outbox.rewind();
        assertThat(outbox.nextFrame(100).orElseThrow().getRequests(0).getSend().getBodiesList())
                .as("a resend has the same bytes")
                .containsExactly(
                        ByteString.copyFromUtf8("a"), ByteString.copyFromUtf8("b"), ByteString.copyFromUtf8("c"));
    }

    @Test
    void whatWillNeverBeReadyLeavesNoHole() {
        PendingRequest.Sending late =
                new PendingRequest.Sending(Send.newBuilder().setTo("bob").build(), 10, FAR, false);
        outbox.add(late);
        add("bob", "c");

        outbox.drop(late, new PeerLinkException(ErrorCode.NO_ENCRYPTION_KEY, "none", "", true));

        assertThat(late.future()).isCompletedExceptionally();
        assertThat(outbox.unsettled()).isEqualTo(1);
        assertThat(outbox.nextFrame(100).orElseThrow().getFirstSequence()).isEqualTo(1);
    }

    @Test
    void aFrameHoldsAThousandRequestsOrAMebibyte() {
        for (int i = 0; i < 1_500; i++) {
            add(10);
        }
        add(2 << 20);
        add(1);

        assertThat(bodies(outbox.nextFrame(10_000))).isEqualTo(1_000);
        assertThat(bodies(outbox.nextFrame(10_000))).isEqualTo(501);
        assertThat(outbox.nextFrame(10_000).orElseThrow().getFirstSequence()).isEqualTo(1_502);
        assertThat(outbox.nextFrame(10_000)).isEmpty();
    }

    @Test
    void settlesPartsOfFramesAndSkipsWhatIsSettled() {
        PendingRequest.Sending first = add(1);
        PendingRequest.Sending second = add(1);
        outbox.nextFrame(10);
        assertThat(outbox.settle(run(1, 1), null)).isTrue();

        assertThat(outbox.settle(run(1, 2), null)).isTrue();

        assertThat(first.future().join().id().sequence()).isEqualTo(101);
        assertThat(second.future().join().id().sequence()).isEqualTo(102);
        assertThat(outbox.unsettled()).isZero();
        assertThat(outbox.settle(run(1, 2), null)).isTrue();
    }

    @Test
    void refusesOutcomesThatLeaveAHoleOrWereNotAskedFor() {
        add(1);
        add(1);
        outbox.nextFrame(1);

        assertThat(outbox.settle(run(2, 1), null)).isFalse();
        assertThat(outbox.settle(run(1, 2), null)).isFalse();
        assertThat(outbox.unsettled()).isEqualTo(2);
    }

    @Test
    void refusesOutcomesThatItsRequestsCannotHave() {
        add(1);
        add(1);
        outbox.nextFrame(10);
        OutcomeRun.Builder sent = OutcomeRun.newBuilder().setFirstSequence(1).setCount(2);

        assertThat(outbox.settle(sent.build(), null)).as("none").isFalse();
        assertThat(outbox.settle(sent.setDone(Done.getDefaultInstance()).build(), null))
                .isFalse();
        for (AcceptedSends wrong : List.of(
                AcceptedSends.getDefaultInstance(),
                AcceptedSends.newBuilder()
                        .setConversation("a/b")
                        .setFirstMessageSequence(1)
                        .build(),
                AcceptedSends.newBuilder()
                        .setConversation("a~b")
                        .setFirstMessageSequence(-1)
                        .build(),
                AcceptedSends.newBuilder()
                        .setConversation("a~b")
                        .setFirstMessageSequence(Long.MAX_VALUE)
                        .build())) {
            assertThat(outbox.settle(sent.setSent(wrong).build(), null))
                    .as("%s", wrong)
                    .isFalse();
        }
        assertThat(outbox.unsettled()).isEqualTo(2);
    }

    @Test
    void resendsFromTheLowestUnsettled() {
        for (int i = 0; i < 10; i++) {
            add(1);
        }
        outbox.nextFrame(6);
        outbox.settle(run(1, 4), null);
        outbox.rewind();

        Requests again = outbox.nextFrame(100).orElseThrow();

        assertThat(again.getFirstSequence()).isEqualTo(5);
        assertThat(again.getLowestUnsettled()).isEqualTo(5);
        assertThat(bodies(Optional.of(again))).isEqualTo(6);
    }

    @Test
    void aMarkThatWaitsForAConfirmationDoesNotHoldUpOthers() {
        PendingRequest.Doing<ReadMark> mark =
                new PendingRequest.Doing<>(Request.getDefaultInstance(), FAR, ReadMark::new);
        outbox.addAfter(mark, 7);
        add(1);
        assertThat(outbox.nextFrame(10).orElseThrow().getRequestsCount()).isEqualTo(1);

        outbox.releaseUpTo(7);

        assertThat(outbox.nextFrame(10).orElseThrow().getFirstSequence()).isEqualTo(2);
    }

    @Test
    void closingFailsEverything() {
        PendingRequest.Sending sent = add(1);
        outbox.nextFrame(10);
        PendingRequest.Sending waiting = add(1);

        outbox.close(new PeerLinkException(ErrorCode.CLIENT_CLOSED, "closed", "", false));

        assertThatThrownBy(() -> sent.future().join())
                .hasCauseInstanceOf(PeerLinkException.class)
                .hasMessageContaining("outcome");
        assertThatThrownBy(() -> waiting.future().join()).hasMessageContaining("closed");
        assertThat(add(1).future()).isCompletedExceptionally();
        assertThat(outbox.unsettled()).isZero();
    }
}
