package io.peerlink.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.peerlink.protocol.v1.ClientFrame;
import io.peerlink.protocol.v1.Deliveries;
import io.peerlink.protocol.v1.Delivery;
import io.peerlink.protocol.v1.Messages;
import io.peerlink.protocol.v1.RouterFrame;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReceivingTest extends ClientFixture {
    private final FakeRouter router = router("r1");
    private final List<String> handled = new CopyOnWriteArrayList<>();

    private void addMessages(int count) {
        for (int i = 0; i < count; i++) {
            cluster.addMessage("bob", "m" + i);
        }
    }

    private static List<String> texts(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "m" + i).toList();
    }

    @Test
    void handlesInOrderOnACallbackThreadAndConfirms() {
        List<String> threads = new CopyOnWriteArrayList<>();
        addMessages(100);
        PeerLinkClient client = connect(router);

        client.subscribe(message -> {
            handled.add(message.text());
            threads.add(Thread.currentThread().getName());
        });

        await().until(() -> cluster.cursor() == 100);
        assertThat(handled).isEqualTo(texts(0, 100));
        assertThat(threads).allMatch("peerlink-callback"::equals);
    }

    @Test
    void dropsRepeats() {
        addMessages(3);
        PeerLinkClient client = connect(router);
        client.subscribe(message -> handled.add(message.text()));
        await().until(() -> cluster.cursor() == 3);

        router.streams
                .get(0)
                .send(RouterFrame.newBuilder()
                        .setDeliveries(Deliveries.newBuilder()
                                .addAllDeliveries(cluster.inbox)
                                .setUpToInboxSequence(3)));
        cluster.addMessage("bob", "m3");
        router.pump();

        await().until(() -> cluster.cursor() == 4);
        assertThat(handled).isEqualTo(texts(0, 4));
    }

    @Test
    void handlesMessagesThatShareADeliveryOneByOneAndDropsThoseItHad() {
        addMessages(1);
        List<String> ids = new CopyOnWriteArrayList<>();
        connect(router).subscribe(message -> {
            handled.add(message.text());
            ids.add(message.id() + " " + message.inboxSequence());
        });
        await().until(() -> cluster.cursor() == 1);

        Messages run = cluster.inbox.get(0).getMessages().toBuilder()
                .addBodies(ByteString.copyFromUtf8("m1"))
                .addBodies(ByteString.copyFromUtf8("m2"))
                .build();
        router.streams
                .get(0)
                .send(RouterFrame.newBuilder()
                        .setDeliveries(Deliveries.newBuilder()
                                .addDeliveries(Delivery.newBuilder()
                                        .setInboxSequence(1)
                                        .setMessages(run))
                                .setUpToInboxSequence(3)));

        await().until(() -> cluster.cursor() == 3);
        assertThat(handled).isEqualTo(texts(0, 3));
        assertThat(ids).containsExactly("alice~bob/1 1", "alice~bob/2 2", "alice~bob/3 3");
    }

    @Test
    void goesOnBehindWhatItHasAfterAReconnect() throws Exception {
        addMessages(10);
        CountDownLatch gate = new CountDownLatch(1);
        PeerLinkClient client = connect(router);
        client.subscribe(message -> {
            gate.await();
            handled.add(message.text());
        });
        await().until(() -> router.frames(ClientFrame.KindCase.SUBSCRIBE).size() == 1);
        router.breakStreams();
        await().until(() -> router.frames(ClientFrame.KindCase.SUBSCRIBE).size() == 2);

        gate.countDown();

        await().until(() -> cluster.cursor() == 10);
        assertThat(handled).isEqualTo(texts(0, 10));
    }

    @Test
    void coalescesConfirmationsAndGrantsCredit() {
        PeerLinkClient client = start(builder(router).credit(100)).connect();
        addMessages(5_000);

        client.subscribe(message -> handled.add(message.text()));

        await().until(() -> cluster.cursor() == 5_000);
        assertThat(handled).isEqualTo(texts(0, 5_000));
        assertThat(router.frames(ClientFrame.KindCase.CURSOR_ACK)).hasSizeLessThan(1_000);
        assertThat(router.frames(ClientFrame.KindCase.CREDIT))
                .isNotEmpty()
                .allMatch(frame -> frame.getCredit().getDeliveries() >= 25);
    }

    @Test
    void confirmsManuallyInAnyOrderButNeverPastAnOpenOne() {
        addMessages(3);
        List<IncomingMessage> messages = new CopyOnWriteArrayList<>();
        PeerLinkClient client = connect(router);
        client.subscribe(SubscribeOptions.manual(), messages::add);
        await().until(() -> messages.size() == 3);
        messages.get(2).ack();
        messages.get(0).ack();
        await().until(() -> cluster.cursor() == 1);

        messages.get(1).ack();

        await().until(() -> cluster.cursor() == 3);
    }

    @Test
    void aThrowingHandlerGetsTheMessageAgainBeforeLaterOnes() {
        addMessages(3);
        List<Throwable> errors = new CopyOnWriteArrayList<>();
        List<Boolean> again = new CopyOnWriteArrayList<>();
        PeerLinkClient client = start(builder(router).errorListener(new ErrorListener() {
                    @Override
                    public void handlerFailed(IncomingMessage message, Throwable error) {
                        errors.add(error);
                    }

                    @Override
                    public void failed(PeerLinkException error) {
                        errors.add(error);
                    }
                }))
                .connect();

        client.subscribe(message -> {
            if (message.text().equals("m1") && errors.size() < 2) {
                assertThat(cluster.cursor()).isLessThanOrEqualTo(1);
                throw new IllegalStateException("not now");
            }
            again.add(message.redelivered());
            handled.add(message.text());
        });

        await().until(() -> cluster.cursor() == 3);
        assertThat(handled).isEqualTo(texts(0, 3));
        assertThat(again).containsExactly(false, true, false);
        assertThat(errors).hasSize(2);
    }

    @Test
    void aHandlerMaySendAndWait() {
        addMessages(1);
        PeerLinkClient client = connect(router);

        client.subscribe(message -> client.send(text("re: " + message.text())));

        await().untilAsserted(() -> assertThat(cluster.accepted()).containsExactly("re: m0"));
    }

    @Test
    void showsNothingTwiceAcrossARestartWithADurableCursor(@TempDir Path directory) {
        addMessages(5);
        Path file = directory.resolve("cursor");
        PeerLinkClient before =
                start(builder(router).cursorStore(CursorStore.file(file))).connect();
        before.subscribe(message -> handled.add(message.text()));
        await().until(() -> handled.size() == 5);
        before.close();
        // The router lost the confirmations with its client.
        cluster.cursor = 0;
        cluster.addMessage("bob", "m5");

        PeerLinkClient after =
                start(builder(router).cursorStore(CursorStore.file(file))).connect();
        after.subscribe(message -> handled.add(message.text()));

        await().until(() -> cluster.cursor() == 6);
        assertThat(handled).isEqualTo(texts(0, 6));
    }

    @Test
    void ignoresADurableCursorOfAnEarlierLife(@TempDir Path directory) {
        Path file = directory.resolve("cursor");
        CursorStore.file(file).save(FakeCluster.ID, "alice", 50);
        addMessages(3);

        PeerLinkClient client =
                start(builder(router).cursorStore(CursorStore.file(file))).connect();
        client.subscribe(message -> handled.add(message.text()));

        await().until(() -> cluster.cursor() == 3);
        assertThat(CursorStore.file(file).load("another", "alice")).isZero();
    }

    @Test
    void marksReadFromAHandlerOnlyAfterTheConfirmation() {
        addMessages(2);
        List<CompletableFuture<ReadMark>> marks = new CopyOnWriteArrayList<>();
        PeerLinkClient client = connect(router);

        client.subscribe(message -> marks.add(message.markRead()));
        await().until(() -> marks.size() == 2);
        marks.forEach(CompletableFuture::join);

        List<ClientFrame> order = new ArrayList<>(router.frames);
        long confirmed = 0;
        for (ClientFrame frame : order) {
            confirmed = Math.max(confirmed, frame.getCursorAck().getInboxSequence());
            for (var request : frame.getRequests().getRequestsList()) {
                assertThat(request.getMarkRead().getUpToSequence()).isLessThanOrEqualTo(confirmed);
            }
        }
    }

    @Test
    void marksAConversationReadFromOutside() {
        addMessages(2);
        PeerLinkClient client = connect(router);
        client.subscribe(message -> handled.add(message.text()));
        await().until(() -> handled.size() == 2);

        ReadMark mark = client.markRead(MessageId.parse("alice~bob/2")).join();

        assertThat(mark.conversation()).isEqualTo("alice~bob");
        assertThat(client.markRead("alice~bob").join().conversation()).isEqualTo("alice~bob");
    }

    @Test
    void aClosedSubscriptionHandlesNoMore() {
        CompletableFuture<Subscription> subscription = new CompletableFuture<>();
        PeerLinkClient client = connect(router);
        subscription.complete(client.subscribe(message -> {
            handled.add(message.text());
            subscription.join().close();
        }));

        addMessages(5);
        router.pump();

        await().until(() -> cluster.cursor() == 1);
        assertThat(handled).containsExactly("m0");
    }

    @Test
    void aReceiptsOnlySessionConfirmsNothing() {
        cluster.addReceipt(io.peerlink.protocol.v1.ReceiptKind.DELIVERED, "bob", 1, 1);
        PeerLinkClient client = connect(router);
        List<Receipt> receipts = new CopyOnWriteArrayList<>();
        client.onReceipt(receipts::add);

        client.subscribe(SubscribeOptions.onlyReceipts(), message -> {});
        await().until(() -> receipts.size() == 1);
        client.close();

        assertThat(router.frames(ClientFrame.KindCase.CURSOR_ACK)).isEmpty();
    }
}
