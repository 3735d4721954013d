package io.peerlink.server.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What connections hold of requests that have not arrived, frame by frame, and who is cut off for it. */
final class HalfRequestsTest {
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int END_STREAM = 1;
    private static final int PADDED = 8;
    private static final int CALL = 8 * 1024;
    private static final int PIECE = 512;

    private final HalfRequests half = new HalfRequests(800_000);
    private final List<String> cut = new ArrayList<>();

    /** A connection with a guard. */
    private final class Client {
        private final EmbeddedChannel channel;

        private Client(String name, boolean isStranger) {
            HalfRequests.Connection holding = half.open(() -> isStranger, bytes -> cut.add(name));
            channel = new EmbeddedChannel(
                    new FrameGuard.Entry(new FrameGuard(Optional.empty(), holding, () -> cut.add(name + " floods"))));
            channel.closeFuture().addListener(closed -> holding.close());
            channel.writeInbound(Unpooled.wrappedBuffer(new byte[24]));
        }

        private Client frame(int type, int flags, int stream, byte... payload) {
            channel.writeInbound(Unpooled.buffer()
                    .writeMedium(payload.length)
                    .writeByte(type)
                    .writeByte(flags)
                    .writeInt(stream)
                    .writeBytes(payload));
            return this;
        }

        private Client call(int stream) {
            return frame(HEADERS, 0, stream, new byte[30]);
        }

        /** The start of a message of so many bytes. */
        private Client begin(int stream, int bytes) {
            ByteBuf prefix = Unpooled.buffer().writeByte(0).writeInt(bytes);
            byte[] payload = new byte[5];
            prefix.readBytes(payload);
            return frame(DATA, 0, stream, payload);
        }
    }

    private Client stranger(String name) {
        return new Client(name, true);
    }

    @Test
    void aRequestIsHeldUntilItIsWhole() {
        Client client = stranger("a").call(1);
        assertThat(half.held()).isEqualTo(CALL);

        client.begin(1, 1_000).frame(DATA, 0, 1, new byte[600]);
        assertThat(half.held()).isEqualTo(CALL + 2 * PIECE + 600);

        client.frame(DATA, 0, 1, new byte[400]);
        assertThat(half.held()).isZero();
    }

    @Test
    void afterTheFirstOnlyTheirBytesCount() {
        Client client = stranger("a").call(1).begin(1, 1).frame(DATA, 0, 1, new byte[] {7});
        assertThat(half.held()).isZero();

        // The rest of one message, another, and the start of a third.
        client.begin(1, 10).frame(DATA, 0, 1, new byte[10]).frame(DATA, 0, 1, (byte) 0, (byte) 0);
        assertThat(half.held()).isEqualTo(PIECE);

        client.frame(DATA, 0, 1, (byte) 0, (byte) 0, (byte) 0);
        assertThat(half.held()).as("an empty message").isZero();
    }

    @Test
    void messagesMayLieTogetherInAFrameAndFramesInPieces() {
        Client client = stranger("a").call(1);
        ByteBuf data = Unpooled.buffer();
        for (int i = 0; i < 20; i++) {
            data.writeByte(0).writeInt(i).writeZero(i);
        }
        ByteBuf all = Unpooled.buffer()
                .writeMedium(data.readableBytes())
                .writeByte(DATA)
                .writeByte(0)
                .writeInt(1)
                .writeBytes(data);
        assertThat(half.held()).isEqualTo(CALL);
        while (all.isReadable()) {
            client.channel.writeInbound(all.readRetainedSlice(1));
        }
        assertThat(half.held()).isZero();
        client.begin(1, 1);
        assertThat(half.held()).as("it still knows where a message begins").isEqualTo(PIECE);
    }

    @Test
    void aCallThatEndsOrIsGivenUpHoldsNothing() {
        Client client =
                stranger("a").call(1).begin(1, 50).call(3).begin(3, 50).call(5).begin(5, 50);
        client.frame(HEADERS, END_STREAM, 1, new byte[3])
                .frame(RST_STREAM, 0, 3, new byte[4])
                .frame(DATA, END_STREAM, 5);

        assertThat(half.held()).isZero();
        client.begin(1, 50);
        assertThat(half.held()).as("of a call that is over").isZero();
    }

    @Test
    void whatIsPaddedStaysUnderWay() {
        Client client = stranger("a").call(1).begin(1, 2);
        client.frame(DATA, PADDED, 1, (byte) 0, (byte) 1, (byte) 2);

        assertThat(half.held()).isGreaterThan(CALL);
    }

    @Test
    void theOldestIsCutOffFirstAndStrangersBeforeOthers() {
        Client known = new Client("known", false).call(1);
        Client first = stranger("first").call(1);
        Client second = stranger("second").call(1);
        first.begin(1, 10).frame(DATA, 0, 1, new byte[10]).begin(1, 200_000);

        second.begin(1, 190_000).frame(DATA, 0, 1, new byte[95_000]);
        assertThat(cut).as("its request began before that of the first").containsExactly("second");
        assertThat(half.held()).isLessThan(CALL + 1_000);

        first.frame(DATA, 0, 1, new byte[101_000]);
        assertThat(cut).containsExactly("second", "first");

        second.frame(DATA, 0, 1, new byte[1_000]);
        known.begin(1, 900_000).frame(DATA, 0, 1, new byte[750_000]);
        assertThat(cut)
                .as("what the others held is free, and who is attached may hold more")
                .hasSize(2);
        known.frame(DATA, 0, 1, new byte[50_000]);
        assertThat(cut).containsExactly("second", "first", "known");
    }

    @Test
    void aConnectionThatIsGoneHoldsNothing() {
        Client client = stranger("a").call(1);
        client.channel.close();

        assertThat(half.held()).isZero();
    }

    @Test
    void callsWithoutEndCloseTheConnection() {
        Client client = stranger("a");
        for (int i = 0; i < RequestProgress.CALLS_MAX; i++) {
            client.call(2 * i + 1).begin(2 * i + 1, 0);
        }
        assertThat(client.channel.isOpen()).isTrue();
        client.call(2 * RequestProgress.CALLS_MAX + 1);

        assertThat(client.channel.isOpen()).isFalse();
        assertThat(cut).containsExactly("a floods");
    }
}
