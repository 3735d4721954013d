package io.peerlink.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peerlink.protocol.v1.ClientFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SendingTest extends ClientFixture {
    private static List<String> numbers(int count) {
        return IntStream.range(0, count).mapToObj(String::valueOf).toList();
    }

    private static List<CompletableFuture<SendReceipt>> sendAll(PeerLinkClient client, List<String> texts) {
        return texts.stream().map(text -> client.sendAsync(text(text))).toList();
    }

    @Test
    void tellsWhereTheMessageIs() {
        PeerLinkClient client = connect(router("r1"));

        SendReceipt receipt = client.send(text("hello"));

        assertThat(receipt.id()).isEqualTo(MessageId.parse("alice~bob/1"));
        assertThat(receipt.recipients()).isEqualTo(1);
        assertThat(cluster.accepted()).containsExactly("hello");
    }

    @Test
    void tellsARefusal() {
        PeerLinkClient client = connect(router("r1"));

        assertThatThrownBy(() -> client.send(OutgoingMessage.text("nobody", "x")))
                .isInstanceOfSatisfying(
                        PeerLinkException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_NAME));
    }

    @Test
    void keepsCallOrderAndPutsManyIntoAFrame() {
        FakeRouter router = router("r1");
        router.leader = false;
        PeerLinkClient client = start(builder(router).maxInFlight(5_000));
        List<CompletableFuture<SendReceipt>> sends = sendAll(client, numbers(2_500));

        router.leads(1);
        sends.forEach(CompletableFuture::join);

        assertThat(cluster.accepted()).isEqualTo(numbers(2_500));
        assertThat(router.frames(ClientFrame.KindCase.REQUESTS)).hasSize(3);
    }

    @Test
    void neverHasMoreOnTheStreamThanTheRouterAllows() {
        FakeRouter router = router("r1");
        router.unsettledMax = 10;
        router.mute = true;
        PeerLinkClient client = connect(router);
        List<CompletableFuture<SendReceipt>> sends = sendAll(client, numbers(100));
        await().until(() -> cluster.accepted().size() == 10);

        router.mute = false;
        router.breakStreams();
        sends.forEach(CompletableFuture::join);

        assertThat(cluster.accepted()).isEqualTo(numbers(100));
        assertThat(router.frames(ClientFrame.KindCase.REQUESTS))
                .allMatch(frame -> FakeCluster.single(frame.getRequests()).size() <= 10);
    }

    @Test
    void failsAtOnceWhenFullAndToldTo() {
        FakeRouter router = router("r1");
        router.mute = true;
        PeerLinkClient client = start(builder(router).maxInFlight(3).onFull(OverflowPolicy.FAIL))
                .connect();
        sendAll(client, numbers(3));

        CompletableFuture<SendReceipt> fourth = client.sendAsync(text("x"));

        assertThat(errorOf(fourth)).isEqualTo(ErrorCode.WINDOW_FULL);
    }

    @Test
    void boundsTheBytesToo() {
        FakeRouter router = router("r1");
        router.mute = true;
        PeerLinkClient client = start(builder(router).maxBufferedBytes(1_000).onFull(OverflowPolicy.FAIL))
                .connect();
        CompletableFuture<SendReceipt> first = client.sendAsync(OutgoingMessage.bytes("bob", new byte[5_000], ""));

        CompletableFuture<SendReceipt> second = client.sendAsync(text("x"));

        assertThat(errorOf(second)).isEqualTo(ErrorCode.WINDOW_FULL);
        assertThat(first).isNotDone();
    }

    @Test
    void blocksWhenFullUntilThereIsRoom() throws Exception {
        FakeRouter router = router("r1");
        router.mute = true;
        PeerLinkClient client = start(builder(router).maxInFlight(2)).connect();
        sendAll(client, numbers(2));
        AtomicBoolean through = new AtomicBoolean();
        Thread sender = new Thread(() -> {
            client.sendAsync(text("x")).join();
            through.set(true);
        });
        sender.start();
        await().until(() -> sender.getState() == Thread.State.WAITING);
        assertThat(through).isFalse();

        router.mute = false;
        router.breakStreams();

        sender.join(20_000);
        assertThat(through).isTrue();
    }

    @Test
    void aCallbackMaySendIntoAFullWindow() {
        PeerLinkClient client = start(builder(router("r1")).maxInFlight(1)).connect();
        List<CompletableFuture<SendReceipt>> chained = new ArrayList<>();

        for (int i = 0; i < 50; i++) {
            chained.add(client.sendAsync(text("a")).thenCompose(receipt -> client.sendAsync(text("b"))));
        }

        CompletableFuture.allOf(chained.toArray(CompletableFuture[]::new))
                .orTimeout(20, java.util.concurrent.TimeUnit.SECONDS)
                .join();
        assertThat(cluster.accepted()).hasSize(100);
    }

    @Test
    void refusesABodyThatTheRouterWouldRefuse() {
        FakeRouter router = router("r1");
        router.bodyBytesMax = 10;
        PeerLinkClient client = connect(router);

        CompletableFuture<SendReceipt> send = client.sendAsync(OutgoingMessage.bytes("bob", new byte[11], ""));

        assertThat(errorOf(send)).isEqualTo(ErrorCode.BODY_TOO_LARGE);
    }

    @Test
    void givesUpAfterTheRequestTimeout() {
        FakeRouter router = router("r1");
        router.leader = false;
        PeerLinkClient client = start(builder(router).requestTimeout(Duration.ofMillis(100)));

        CompletableFuture<SendReceipt> unsent = client.sendAsync(text("x"));

        assertThat(errorOf(unsent)).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(client.unsettled()).isZero();
    }

    @Test
    void saysUnknownWhenASentRequestGetsNoOutcomeInTime() {
        FakeRouter router = router("r1");
        router.mute = true;
        PeerLinkClient client =
                // Long enough for the second send, which has to connect again first.
                start(builder(router).requestTimeout(Duration.ofSeconds(2))).connect();

        CompletableFuture<SendReceipt> send = client.sendAsync(text("x"));

        assertThat(errorOf(send)).isEqualTo(ErrorCode.OUTCOME_UNKNOWN);
        router.mute = false;
        router.breakStreams();
        assertThat(client.sendAsync(text("y")).join().id().sequence()).isEqualTo(2);
    }

    @Test
    void changesGroups() {
        PeerLinkClient client = connect(router("r1"));

        assertThat(client.createGroup("Team").join().group()).isEqualTo("team");
        assertThat(client.joinGroup("team").join().group()).isEqualTo("team");
        assertThat(client.leaveGroup("team").join().group()).isEqualTo("team");
    }

    @Test
    void drainWaitsForOutcomesAndCloseCompletesEverything() {
        FakeRouter router = router("r1");
        PeerLinkClient client = connect(router);
        List<CompletableFuture<SendReceipt>> sends = sendAll(client, numbers(500));
        assertThat(client.drain(Duration.ofSeconds(20))).isTrue();
        router.ignoresRequests = true;
        CompletableFuture<SendReceipt> late = client.sendAsync(text("late"));
        assertThat(client.drain(Duration.ofMillis(100))).isFalse();

        client.close();

        assertThat(sends)
                .allMatch(send -> send.orTimeout(5, java.util.concurrent.TimeUnit.SECONDS)
                                .join()
                                .recipients()
                        == 1);
        assertThat(errorOf(late)).isEqualTo(ErrorCode.OUTCOME_UNKNOWN);
        assertThat(errorOf(client.sendAsync(text("after")))).isEqualTo(ErrorCode.CLIENT_CLOSED);
        assertThat(errorOf(client.groups())).isEqualTo(ErrorCode.CLIENT_CLOSED);
        client.close();
    }

    @Test
    void forgetsItsIncarnationOnlyWhenNothingIsOpen() {
        FakeRouter router = router("r1");
        PeerLinkClient client = connect(router);
        client.send(text("x"));

        client.close();

        assertThat(router.frames(ClientFrame.KindCase.DETACH))
                .singleElement()
                .matches(frame -> frame.getDetach().getForgetIncarnation());
    }
}
