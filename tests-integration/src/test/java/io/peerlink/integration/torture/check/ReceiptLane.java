package io.peerlink.integration.torture.check;

import io.peerlink.client.Receipt;
import io.peerlink.integration.torture.history.Codes;
import java.util.ArrayList;
import java.util.List;

/** The receipts that one sender got about one recipient in one conversation, in the order in which they came. */
final class ReceiptLane {
    final int sender;
    final int recipient;
    final int conversation;
    final List<Heard> receipts = new ArrayList<>();

    /** One receipt. */
    record Heard(long nanos, int life, int code, long from, long upTo) {
        Receipt.Kind kind() {
            return Codes.receipt(code);
        }
    }

    ReceiptLane(int sender, int recipient, int conversation) {
        this.sender = sender;
        this.recipient = recipient;
        this.conversation = conversation;
    }
}
