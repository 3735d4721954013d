package io.peerlink.server.edge;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What all connections together hold of requests that have begun to arrive and are not there yet: gRPC keeps that much, for as long
 * as the client likes. Beyond the limit the connection whose request began first is cut off, strangers before those who are attached:
 * an honest request is there within moments. Strangers, who have nothing large to say, may hold an eighth. Any thread.
 */
final class HalfRequests {
    private static final int STRANGERS_PART = 8;

    private final long bytesMax;
    private final AtomicLong held = new AtomicLong();
    private final AtomicLong heldByStrangers = new AtomicLong();
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();

    /**
     * @param bytesMax 0: no limit
     */
    HalfRequests(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /**
     * A new connection.
     *
     * @param isStranger whether no session is attached on it; once false, false for good
     * @param cut closes it, and hears what it held; any thread
     */
    Connection open(BooleanSupplier isStranger, LongConsumer cut) {
        Connection connection = new Connection(isStranger, cut);
        connections.add(connection);
        return connection;
    }

    /** Bytes that are held now. */
    long held() {
        return held.get();
    }

    private boolean isTooMuch() {
        return bytesMax > 0 && (held.get() > bytesMax || heldByStrangers.get() > bytesMax / STRANGERS_PART);
    }

    /** Cuts off until what is left is within the limits. */
    private synchronized void makeRoom() {
        while (isTooMuch()) {
            Connection first = first();
            if (first == null) {
                return;
            }
            long bytes = first.bytes;
            first.forget();
            first.cut.accept(bytes);
        }
    }

    private @Nullable Connection first() {
        Connection first = null;
        for (Connection each : connections) {
            if (each.bytes > 0 && (first == null || each.goesBefore(first))) {
                first = each;
            }
        }
        return first;
    }

    /** One connection's part. Guarded by itself. */
    final class Connection {
        private final BooleanSupplier isStranger;
        private final LongConsumer cut;
        private volatile boolean stranger = true;
        private volatile long bytes;
        private volatile long sinceNanos;
        private boolean gone;

        private Connection(BooleanSupplier isStranger, LongConsumer cut) {
            this.isStranger = isStranger;
            this.cut = cut;
        }

        /**
         * Says what it holds now. On the connection's event loop.
         *
         * @param since when the oldest of these requests began, as {@link System#nanoTime}
         */
        void holds(long now, long since) {
            if (now == 0 && bytes == 0) {
                return;
            }
            take(now, since);
            if (isTooMuch()) {
                makeRoom();
            }
        }

        private synchronized void take(long now, long since) {
            if (gone) {
                return;
            }
            if (stranger && !isStranger.getAsBoolean()) {
                heldByStrangers.addAndGet(-bytes);
                stranger = false;
            }
            sinceNanos = since;
            set(now);
        }

        private boolean goesBefore(Connection other) {
            return stranger == other.stranger ? sinceNanos - other.sinceNanos < 0 : stranger;
        }

        /** It is gone, or about to be. */
        private synchronized void forget() {
            gone = true;
            set(0);
        }

        private void set(long now) {
            held.addAndGet(now - bytes);
            if (stranger) {
                heldByStrangers.addAndGet(now - bytes);
            }
            bytes = now;
        }

        /** It is gone. */
        void close() {
            connections.remove(this);
            forget();
        }
    }
}
