package io.peerlink.server.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.channel.embedded.EmbeddedChannel;
import io.peerlink.server.edge.EdgeFixture.HandClock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** One hollow frame a second, ten at once. */
final class FrameGuardTest {
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int SETTINGS = 4;
    private static final int END_STREAM = 1;

    private final HandClock clock = new HandClock();
    private final AtomicInteger floods = new AtomicInteger();
    private final HalfRequests half = new HalfRequests(0);
    private final EmbeddedChannel channel = new EmbeddedChannel(new FrameGuard.Entry(new FrameGuard(
            Optional.of(KeyedRates.bucket(1, 10, clock)),
            half.open(() -> true, bytes -> {}),
            floods::incrementAndGet)));

    FrameGuardTest() {
        channel.writeInbound(Unpooled.wrappedBuffer(new byte[24]));
    }

    private static ByteBuf frame(int type, int flags, int length) {
        return Unpooled.buffer(9 + length)
                .writeMedium(length)
                .writeByte(type)
                .writeByte(flags)
                .writeInt(1)
                .writeZero(length);
    }

    private void send(int times, int type, int flags, int length) {
        for (int i = 0; i < times; i++) {
            channel.writeInbound(frame(type, flags, length));
        }
    }

    @Test
    void closesWhoSendsThemTooFast() {
        send(10, SETTINGS, 0, 6);
        assertThat(channel.isOpen()).isTrue();
        clock.advance(Duration.ofSeconds(2));
        send(2, DATA, 0, 0);
        assertThat(channel.isOpen()).isTrue();

        send(1, 77, 0, 1);

        assertThat(channel.isOpen()).isFalse();
        assertThat(floods).as("told once").hasValue(1);
    }

    @Test
    void whatCarriesSomethingIsNotCounted() {
        send(100, DATA, 0, 16);
        send(79, DATA, 0, 1);
        send(100, DATA, END_STREAM, 0);
        send(100, HEADERS, 0, 20);
        assertThat(channel.isOpen()).isTrue();
        assertThat(floods).hasValue(0);
    }

    @Test
    void framesMayBeCutAnywhereAndArriveAsTheyWere() {
        ByteBuf all = Unpooled.buffer();
        for (int i = 0; i < 10; i++) {
            all.writeBytes(frame(SETTINGS, 0, 6)).writeBytes(frame(DATA, 0, 300));
        }
        byte[] sent = new byte[all.readableBytes()];
        all.getBytes(0, sent);
        int preface = channel.inboundMessages().size();
        while (all.isReadable()) {
            channel.writeInbound(all.readRetainedSlice(Math.min(7, all.readableBytes())));
        }
        assertThat(channel.isOpen()).isTrue();
        ByteBuf came = Unpooled.buffer();
        channel.inboundMessages().stream().skip(preface).forEach(part -> came.writeBytes((ByteBuf) part));
        byte[] received = new byte[came.readableBytes()];
        came.getBytes(0, received);
        assertThat(received).isEqualTo(sent);

        send(1, SETTINGS, 0, 0);
        assertThat(channel.isOpen()).as("ten were counted").isFalse();
    }
}
