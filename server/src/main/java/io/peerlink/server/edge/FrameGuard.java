package io.peerlink.server.edge;

import io.github.bucket4j.Bucket;
import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslHandler;
import io.grpc.netty.shaded.io.netty.util.ReferenceCountUtil;
import java.util.Optional;

/**
 * Reads along what one connection brings, behind TLS. Counts the HTTP/2 frames that carry nothing and cost their sender next to
 * nothing: settings, window updates, priorities, pings, data of 0 bytes, kinds that nobody knows. gRPC bounds what it owes in answer to
 * them, but not how many it takes. A connection that goes beyond its bucket is closed. And says what requests the connection has under
 * way ({@link RequestProgress}). On the connection's event loop; keeps no more than a frame's header and that.
 */
final class FrameGuard extends ChannelInboundHandlerAdapter {
    private static final int PREFACE_BYTES = 24;
    private static final int HEADER_BYTES = 9;
    /** RFC 9113, section 6: kinds of frames, and flags. */
    private static final int DATA = 0;

    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int CONTINUATION = 9;
    private static final int END_STREAM = 1;
    private static final int PADDED = 8;

    /** Data frames with less cost as much as one without, but clients may confirm each message in one of their own. */
    private static final int SMALL_BYTES = 16;

    private static final int SMALL_FOR_ONE = 8;

    private final Optional<Bucket> bucket;
    private final RequestProgress requests = new RequestProgress(System::nanoTime);
    private final HalfRequests.Connection half;
    private final Runnable onFlood;
    private final byte[] header = new byte[HEADER_BYTES];
    private int headerBytes;
    private int toSkip = PREFACE_BYTES;
    private int dataToCome;
    private boolean endsWithData;
    private int smallFrames;
    private boolean closed;

    /**
     * A guard for one connection.
     *
     * @param bucket of frames that carry nothing; empty: no limit
     * @param half hears what is under way
     * @param onFlood hears of it if the connection is closed for what it brings
     */
    FrameGuard(Optional<Bucket> bucket, HalfRequests.Connection half, Runnable onFlood) {
        this.bucket = bucket;
        this.half = half;
        this.onFlood = onFlood;
    }

    /** Stands in front of everything until the first bytes come: then it is known whether there is TLS to stand behind. */
    static final class Entry extends ChannelInboundHandlerAdapter {
        private final FrameGuard guard;

        Entry(FrameGuard guard) {
            this.guard = guard;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ChannelHandlerContext tls = context.pipeline().context(SslHandler.class);
            context.pipeline().addAfter(tls == null ? context.name() : tls.name(), null, guard);
            context.pipeline().remove(this);
            context.fireChannelRead(message);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (closed) {
            ReferenceCountUtil.release(message);
            return;
        }
        int hollow = message instanceof ByteBuf bytes ? hollowFrames(bytes) : 0;
        boolean within = hollow == 0 || bucket.isEmpty() || bucket.get().tryConsume(hollow);
        if (within && requests.calls() <= RequestProgress.CALLS_MAX) {
            half.holds(requests.held(), requests.held() == 0 ? 0 : requests.sinceNanos());
            context.fireChannelRead(message);
            return;
        }
        closed = true;
        ReferenceCountUtil.release(message);
        onFlood.run();
        context.close();
    }

    /** How many of them begin here; the bytes stay as they are. */
    private int hollowFrames(ByteBuf bytes) {
        int count = 0;
        int at = bytes.readerIndex();
        int end = bytes.writerIndex();
        while (at < end) {
            if (dataToCome > 0) {
                int taken = Math.min(dataToCome, end - at);
                requests.data(bytes, at, taken);
                dataToCome -= taken;
                at += taken;
            } else if (toSkip > 0) {
                int skipped = Math.min(toSkip, end - at);
                toSkip -= skipped;
                at += skipped;
            } else {
                header[headerBytes++] = bytes.getByte(at++);
                if (headerBytes == HEADER_BYTES) {
                    headerBytes = 0;
                    count += begin();
                }
            }
            if (endsWithData && dataToCome == 0) {
                endsWithData = false;
                requests.ended(stream());
            }
        }
        return count;
    }

    /** Takes note of the frame whose header is there; 1 if it is hollow. */
    private int begin() {
        int length = (header[0] & 0xff) << 16 | (header[1] & 0xff) << 8 | (header[2] & 0xff);
        int type = header[3];
        boolean ends = (header[4] & END_STREAM) != 0;
        if (type != DATA || (header[4] & PADDED) != 0) {
            toSkip = length;
        }
        switch (type) {
            case DATA -> {
                return beginData(length, ends);
            }
            case HEADERS -> requests.headers(stream(), ends);
            case RST_STREAM -> requests.ended(stream());
            default -> {}
        }
        // Bounded otherwise: calls at once, bytes of headers. Not so RST_STREAM: of a call that is over nobody counts
        // it.
        return type == HEADERS || type == CONTINUATION ? 0 : 1;
    }

    private int beginData(int length, boolean ends) {
        if ((header[4] & PADDED) != 0) {
            // No client of gRPC pads.
            requests.padded(stream(), length);
            endsWithData = ends;
            return 1;
        }
        if (length > 0) {
            requests.piece(stream());
        }
        dataToCome = length;
        endsWithData = ends;
        if (ends || length >= SMALL_BYTES) {
            return 0;
        }
        return length == 0 || ++smallFrames % SMALL_FOR_ONE == 0 ? 1 : 0;
    }

    private int stream() {
        return (header[5] & 0x7f) << 24 | (header[6] & 0xff) << 16 | (header[7] & 0xff) << 8 | (header[8] & 0xff);
    }
}
