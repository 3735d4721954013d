package io.peerlink.server.edge;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Which calls of one connection have a request under way, and what that takes: follows gRPC's framing (a flag, four bytes of length,
 * the message) in the data of each call. On the connection's event loop.
 */
final class RequestProgress {
    /** Of calls whose end the client did not tell; those that the router ended are among them. */
    static final int CALLS_MAX = 1_000;

    private static final int PREFIX_BYTES = 5;
    /** What a call takes until its first request is there: its headers, and gRPC's objects. */
    private static final int CALL_BYTES = 8 * 1024;
    /** What gRPC and Netty keep with each piece of a request, generously: what is thrown away takes its time to be collected. */
    private static final int PIECE_BYTES = 512;

    private final LongSupplier nanoTime;
    private final Map<Integer, Call> calls = new HashMap<>();
    private @Nullable Call current;
    private long held;

    /**
     * @param nanoTime as {@link System#nanoTime}
     */
    RequestProgress(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    private static final class Call {
        private boolean half = true;
        private long sinceNanos;
        private long held = CALL_BYTES;
        private int prefixBytes;
        private long length;

        private Call(long nowNanos) {
            sinceNanos = nowNanos;
        }
    }

    /**
     * Headers came: of a new call, or trailers of one that is known.
     *
     * @param ends whether nothing follows
     */
    void headers(int stream, boolean ends) {
        if (ends) {
            ended(stream);
        } else if (!calls.containsKey(stream)) {
            Call call = new Call(nanoTime.getAsLong());
            held += call.held;
            calls.put(stream, call);
        }
    }

    /** A frame of data begins; {@link #data} brings it. */
    void piece(int stream) {
        Call call = calls.get(stream);
        current = call;
        if (call != null && call.half) {
            add(call, PIECE_BYTES);
        }
    }

    /** A frame of data that is padded: what such a call brings is not followed, so that it stays under way until it ends. */
    void padded(int stream, int bytes) {
        piece(stream);
        if (current != null) {
            current.half = true;
            add(current, bytes);
            current = null;
        }
    }

    /** So many bytes of that frame. */
    void data(ByteBuf bytes, int at, int count) {
        Call call = current;
        if (call == null) {
            return;
        }
        int next = at;
        int end = at + count;
        while (next < end) {
            if (!call.half) {
                call.half = true;
                call.sinceNanos = nanoTime.getAsLong();
                add(call, PIECE_BYTES);
            }
            if (call.prefixBytes < PREFIX_BYTES) {
                int one = bytes.getByte(next++) & 0xff;
                // The first is the flag.
                call.length = call.prefixBytes++ == 0 ? 0 : call.length << Byte.SIZE | one;
            } else {
                int taken = (int) Math.min(call.length, end - next);
                next += taken;
                call.length -= taken;
                add(call, taken);
            }
            if (call.prefixBytes == PREFIX_BYTES && call.length == 0) {
                arrived(call);
            }
        }
    }

    /** The client ended the call, or gave it up. */
    void ended(int stream) {
        Call call = calls.remove(stream);
        if (call != null) {
            arrived(call);
            if (call == current) {
                current = null;
            }
        }
    }

    private void arrived(Call call) {
        add(call, -call.held);
        call.half = false;
        call.prefixBytes = 0;
    }

    private void add(Call call, long bytes) {
        call.held += bytes;
        held += bytes;
    }

    /** Calls that are followed. */
    int calls() {
        return calls.size();
    }

    /** Bytes of requests that are under way. */
    long held() {
        return held;
    }

    /** When the oldest of these began; 0 if there is none. */
    long sinceNanos() {
        long now = nanoTime.getAsLong();
        long age = -1;
        for (Call call : calls.values()) {
            if (call.half) {
                age = Math.max(age, now - call.sinceNanos);
            }
        }
        return age < 0 ? 0 : now - age;
    }
}
