package io.peerlink.server.edge;

import io.github.bucket4j.Bucket;
import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslHandler;
import io.grpc.netty.shaded.io.netty.util.ReferenceCountUtil;

/**
 * Reads along what one connection brings, behind TLS, and counts the HTTP/2 frames that carry nothing and cost their sender next to
 * nothing: settings, window updates, priorities, pings, data of 0 bytes, kinds that nobody knows. gRPC bounds what it owes in answer to
 * them, but not how many it takes. A connection that goes beyond its bucket is closed. On the connection's event loop; keeps no more
 * than a frame's header.
 */
final class FrameGuard extends ChannelInboundHandlerAdapter {
    private static final int PREFACE_BYTES = 24;
    private static final int HEADER_BYTES = 9;
    /** RFC 9113, section 6: kinds of frames, and a flag. */
    private static final int DATA = 0;

    private static final int HEADERS = 1;
    private static final int CONTINUATION = 9;
    private static final int END_STREAM = 1;

    private final Bucket bucket;
    private final Runnable onFlood;
    private final byte[] header = new byte[HEADER_BYTES];
    private int headerBytes;
    private int toSkip = PREFACE_BYTES;
    private boolean closed;

    /**
     * A guard for one connection.
     *
     * @param onFlood hears of it if the connection is closed
     */
    FrameGuard(Bucket bucket, Runnable onFlood) {
        this.bucket = bucket;
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
        if (hollow == 0 || bucket.tryConsume(hollow)) {
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
        while (at < bytes.writerIndex()) {
            if (toSkip > 0) {
                int skipped = Math.min(toSkip, bytes.writerIndex() - at);
                toSkip -= skipped;
                at += skipped;
                continue;
            }
            header[headerBytes++] = bytes.getByte(at++);
            if (headerBytes == HEADER_BYTES) {
                headerBytes = 0;
                toSkip = (header[0] & 0xff) << 16 | (header[1] & 0xff) << 8 | (header[2] & 0xff);
                count += isHollow(toSkip, header[3], header[4]) ? 1 : 0;
            }
        }
        return count;
    }

    private static boolean isHollow(int length, int type, int flags) {
        return switch (type) {
            case DATA -> length == 0 && (flags & END_STREAM) == 0;
            // Bounded otherwise: calls at once, bytes of headers. Not so RST_STREAM: of a call that is over nobody
            // counts it.
            case HEADERS, CONTINUATION -> false;
            default -> true;
        };
    }
}
