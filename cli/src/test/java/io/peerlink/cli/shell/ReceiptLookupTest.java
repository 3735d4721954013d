package io.peerlink.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerlink.client.HistoryMessage;
import io.peerlink.client.HistoryPage;
import io.peerlink.client.MessageId;
import io.peerlink.client.PeerLinkClient;
import io.peerlink.client.Receipt;
import io.peerlink.client.encryption.Opener;
import io.peerlink.protocol.v1.Messages;
import java.lang.reflect.Constructor;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Against a history of which every third message is ours. */
final class ReceiptLookupTest {
    private static final long FROM = 10;
    private static final long UP_TO = 3_509;

    private final List<Integer> pages = new ArrayList<>();

    @Test
    void longRangeIsReadPageByPageAndNoFurther() {
        Receipt receipt = new Receipt(Receipt.Kind.DELIVERED, "bob", "alice~bob", FROM, UP_TO, Instant.EPOCH);

        List<MessageId> ours =
                new ReceiptLookup(new SentLog(), client(), receipt).ours().join();

        assertThat(ours)
                .hasSize(1_166)
                .isSortedAccordingTo((one, other) -> Long.compare(one.sequence(), other.sequence()));
        assertThat(ours.get(0).sequence()).isEqualTo(12);
        assertThat(pages).containsExactly(1_000, 1_000, 1_000, 500);
    }

    @Test
    void whatTheSessionSentItselfNeedsNoHistory() {
        SentLog log = new SentLog();
        log.sent(new MessageId("alice~bob", FROM));
        Receipt receipt = new Receipt(Receipt.Kind.READ, "bob", "alice~bob", FROM, FROM, Instant.EPOCH);

        assertThat(new ReceiptLookup(log, client(), receipt).ours().join())
                .containsExactly(new MessageId("alice~bob", FROM));
        assertThat(pages).isEmpty();
    }

    private PeerLinkClient client() {
        return (PeerLinkClient) Proxy.newProxyInstance(
                PeerLinkClient.class.getClassLoader(),
                new Class<?>[] {PeerLinkClient.class},
                (proxy, method, arguments) -> method.getName().equals("name")
                        ? "alice"
                        : CompletableFuture.completedFuture(page((Long) arguments[1], (Integer) arguments[2])));
    }

    private HistoryPage page(long before, int limit) throws ReflectiveOperationException {
        pages.add(limit);
        // The SDK alone makes these; a test has no other way to one.
        Constructor<HistoryMessage> constructor =
                HistoryMessage.class.getDeclaredConstructor(Messages.class, int.class, Opener.class);
        constructor.setAccessible(true);
        List<HistoryMessage> messages = new ArrayList<>();
        for (long sequence = before - limit; sequence < before; sequence++) {
            Messages run = Messages.newBuilder()
                    .setConversation("alice~bob")
                    .setFirstSequence(sequence)
                    .setSender(sequence % 3 == 0 ? "alice" : "bob")
                    .build();
            messages.add(constructor.newInstance(run, 0, Opener.none()));
        }
        return new HistoryPage(messages, true);
    }
}
