package io.peerlink.integration.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peerlink.client.MessageId;
import io.peerlink.client.Receipt;
import io.peerlink.client.SendReceipt;
import io.peerlink.integration.cluster.DeliveryLedger.Acknowledged;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The oracle itself: it must see every breach of the promise. */
final class DeliveryLedgerTest {
    private final DeliveryLedger ledger = new DeliveryLedger();

    private static MessageId id(int number) {
        return new MessageId("a~b", number + 1);
    }

    private void acknowledged(int number) {
        ledger.acknowledged("a", "b", number, new SendReceipt(id(number), Instant.EPOCH, 1));
    }

    private void presented(int number) {
        ledger.presented("b", id(number), new Acknowledged("a", "b", number));
    }

    private void receipt(int from, int upTo) {
        ledger.receipt(
                "a",
                new Receipt(
                        Receipt.Kind.DELIVERED, "b", "a~b", id(from).sequence(), id(upTo).sequence(), Instant.EPOCH));
    }

    private void assertBreach(String words) {
        assertThatThrownBy(ledger::verify).isInstanceOf(AssertionError.class).hasMessageContaining(words);
    }

    @Test
    void aKeptPromiseIsAccepted() {
        acknowledged(0);
        presented(0);
        presented(1);
        acknowledged(1);
        assertThat(ledger.isComplete()).isFalse();
        receipt(0, 1);
        assertThat(ledger.isComplete()).isTrue();
        assertThatCode(ledger::verify).doesNotThrowAnyException();
    }

    @Test
    void aLostMessageIsSeen() {
        acknowledged(0);
        assertBreach("acknowledged and lost");
    }

    @Test
    void aDoubledMessageIsSeen() {
        acknowledged(0);
        presented(0);
        presented(0);
        receipt(0, 0);
        assertBreach("presented twice");
    }

    @Test
    void aMessageOutOfOrderIsSeen() {
        acknowledged(0);
        acknowledged(1);
        presented(1);
        presented(0);
        receipt(0, 1);
        assertBreach("out of the sender's order");
    }

    @Test
    void aMissingReceiptIsSeen() {
        acknowledged(0);
        acknowledged(1);
        presented(0);
        presented(1);
        receipt(0, 0);
        assertBreach("the sender does not know");
    }

    @Test
    void aReceiptBeforeItsPresentationIsSeen() {
        acknowledged(0);
        receipt(0, 0);
        presented(0);
        assertBreach("DELIVERED before it was presented");
    }

    @Test
    void aMessageForNobodyHereIsSeen() {
        acknowledged(0);
        presented(0);
        receipt(0, 0);
        ledger.presented("c", id(0), new Acknowledged("a", "b", 0));
        assertBreach("somebody who should not get it");
    }

    @Test
    void twoOrdersOfOneGroupAreSeen() {
        ledger.group("g", Set.of("b", "c"));
        MessageId first = new MessageId("g", 1);
        MessageId second = new MessageId("g", 2);
        ledger.acknowledged("b", "g", 0, new SendReceipt(first, Instant.EPOCH, 1));
        ledger.acknowledged("d", "g", 0, new SendReceipt(second, Instant.EPOCH, 2));
        ledger.presented("c", second, new Acknowledged("d", "g", 0));
        ledger.presented("c", first, new Acknowledged("b", "g", 0));
        ledger.presented("b", second, new Acknowledged("d", "g", 0));
        assertBreach("out of the conversation's order");
    }
}
