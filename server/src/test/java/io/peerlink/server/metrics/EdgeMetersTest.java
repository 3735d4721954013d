package io.peerlink.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.peerlink.protocol.v1.ErrorCode;
import io.peerlink.statemachine.StateView.InboxEntry;
import io.peerlink.statemachine.StateView.InboxPage;
import io.peerlink.statemachine.StateView.MessagesView;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class EdgeMetersTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final EdgeMeters meters = new EdgeMeters(registry);

    private double outcomes(String code) {
        return registry.get("peerlink.outcomes").tag("code", code).counter().count();
    }

    private static InboxPage page(long sentAtMs) {
        MessagesView messages = new MessagesView(
                "alice~bob",
                1,
                "alice",
                sentAtMs,
                Long.MAX_VALUE,
                "",
                List.of(ByteString.copyFromUtf8("a"), ByteString.copyFromUtf8("b")));
        return new InboxPage(List.of(new InboxEntry.MessagesEntry(1, messages)), 2, false);
    }

    @Test
    void outcomesAreCountedByCode() {
        meters.requested(10);
        meters.sent(6);
        meters.done(1);
        meters.refused(ErrorCode.UNKNOWN_NAME, 2);
        meters.unknown(1);

        assertThat(meters.requests()).isEqualTo(10);
        assertThat(outcomes("SENT")).isEqualTo(6);
        assertThat(outcomes("DONE")).isEqualTo(1);
        assertThat(outcomes("UNKNOWN_NAME")).isEqualTo(2);
        assertThat(outcomes("UNKNOWN")).isEqualTo(1);
    }

    @Test
    void whatWaitedForTheReaderIsDeliveredButNotTimed() {
        Consumer<InboxPage> pages = meters.subscribed();
        pages.accept(page(System.currentTimeMillis() - 60_000));
        assertThat(meters.deliveries()).isEqualTo(2);
        assertThat(registry.get("peerlink.delivery").timer().count()).isZero();

        pages.accept(page(System.currentTimeMillis()));
        assertThat(meters.deliveries()).isEqualTo(4);
        assertThat(registry.get("peerlink.delivery").timer().count()).isEqualTo(1);
    }
}
