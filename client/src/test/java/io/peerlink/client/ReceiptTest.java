package io.peerlink.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerlink.protocol.v1.ReceiptKind;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class ReceiptTest extends ClientFixture {
    private final FakeRouter router = router("r1");

    @Test
    void hearsOfMessagesThatItDidNotSendItself() {
        cluster.addReceipt(ReceiptKind.DELIVERED, "bob", 1, 17);
        List<Receipt> receipts = new CopyOnWriteArrayList<>();
        PeerLinkClient client = connect(router);
        client.onReceipt(receipts::add);

        client.subscribe(message -> {});

        await().until(() -> cluster.cursor() == 1);
        assertThat(receipts)
                .containsExactly(
                        new Receipt(Receipt.Kind.DELIVERED, "bob", "alice~bob", 1, 17, Instant.ofEpochMilli(9)));
    }

    @Test
    void tracksOneMessage() {
        PeerLinkClient client = connect(router);
        client.subscribe(message -> {});
        DeliveryTracker tracker = client.track(client.send(text("x")).id());
        List<Receipt.Kind> changes = new CopyOnWriteArrayList<>();
        tracker.onChange((peer, kind) -> changes.add(kind));
        CompletableFuture<Instant> read = tracker.read("bob");

        cluster.addReceipt(ReceiptKind.DELIVERED, "bob", 1, 5);
        cluster.addReceipt(ReceiptKind.READ, "bob", 1, 5);
        router.pump();

        assertThat(read.join()).isEqualTo(Instant.ofEpochMilli(9));
        assertThat(tracker.delivered("bob").join()).isEqualTo(Instant.ofEpochMilli(9));
        await().untilAsserted(() -> assertThat(changes).containsExactly(Receipt.Kind.DELIVERED, Receipt.Kind.READ));
    }

    @Test
    void knowsWhatWasHeardBeforeItTracked() {
        cluster.addReceipt(ReceiptKind.DELIVERED, "bob", 1, 1);
        PeerLinkClient client = connect(router);
        client.subscribe(message -> {});
        await().until(() -> cluster.cursor() == 1);

        DeliveryTracker tracker = client.track(MessageId.parse("alice~bob/1"));

        assertThat(tracker.states()).containsEntry("bob", Receipt.Kind.DELIVERED);
        assertThat(tracker.delivered("bob")).isCompleted();
    }

    @Test
    void aFinalStateStays() {
        PeerLinkClient client = connect(router);
        client.subscribe(message -> {});
        DeliveryTracker tracker = client.track(MessageId.parse("alice~bob/2"));
        cluster.addReceipt(ReceiptKind.EXPIRED, "bob", 2, 2);

        cluster.addReceipt(ReceiptKind.DELIVERED, "bob", 1, 3);
        router.pump();

        await().until(() -> cluster.cursor() == 2);
        assertThat(tracker.states()).containsEntry("bob", Receipt.Kind.EXPIRED);
        assertThat(errorOf(tracker.delivered("bob"))).isEqualTo(ErrorCode.MESSAGE_EXPIRED);
    }
}
