package io.peerlink.cli.shell;

import io.peerlink.client.HistoryMessage;
import io.peerlink.client.HistoryPage;
import io.peerlink.client.MessageId;
import io.peerlink.client.PeerLinkClient;
import io.peerlink.client.Receipt;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * Which messages a receipt is about. The session's log knows what it sent itself; for the rest of the range the
 * conversation's history is read, page by page.
 */
final class ReceiptLookup {
    private static final int PAGE_MAX = 1_000;

    private final SentLog log;
    private final PeerLinkClient client;
    private final Receipt receipt;

    ReceiptLookup(SentLog log, PeerLinkClient client, Receipt receipt) {
        this.log = log;
        this.client = client;
        this.receipt = receipt;
    }

    /** Our messages in the receipt's range, ascending. */
    CompletableFuture<List<MessageId>> ours() {
        String conversation = receipt.conversation();
        long from = receipt.fromSequence();
        long upTo = receipt.upToSequence();
        return log.knowsAll(conversation, from, upTo)
                ? CompletableFuture.completedFuture(log.ours(conversation, from, upTo))
                : oursBefore(upTo + 1);
    }

    private CompletableFuture<List<MessageId>> oursBefore(long end) {
        int limit = (int) Math.min(PAGE_MAX, end - receipt.fromSequence());
        return client.history(receipt.conversation(), end, limit).thenCompose(this::withOlder);
    }

    private CompletableFuture<List<MessageId>> withOlder(HistoryPage page) {
        List<MessageId> ours = page.messages().stream()
                .filter(message -> message.from().equals(client.name()))
                .map(HistoryMessage::id)
                .filter(receipt::spans)
                .toList();
        if (page.messages().isEmpty() || !page.more()) {
            return CompletableFuture.completedFuture(ours);
        }
        long oldest = page.messages().get(0).id().sequence();
        return oldest <= receipt.fromSequence()
                ? CompletableFuture.completedFuture(ours)
                : oursBefore(oldest)
                        .thenApply(older ->
                                Stream.concat(older.stream(), ours.stream()).toList());
    }
}
